import { createHash } from "node:crypto";
import type { Model } from "../ir/index.ts";
import type { LakePosition } from "./position.ts";

/**
 * What decides a table's rows: the model with all that it reads, and the grid's time zone, in which days begin and
 * partitions are named. A source's rows are what was received, whatever the zone.
 */
export function meaningOf(model: Model, timeZone: string): string {
  return model.topics.length > 0 ? model.fingerprint : `${model.fingerprint}@${timeZone}`;
}

/** SHA-256 (hex) of what a source makes of a line. */
export function madeBy(model: Model): string {
  return createHash("sha256").update(JSON.stringify(model.body)).digest("hex");
}

/**
 * The first offset whose lines the source's model, as it is now, made the lake's rows of. Rows stay as they were made when
 * their lines came in: a changed model holds from then on.
 */
export function madeSince(model: Model, topic: string, position: LakePosition | null): number {
  if (position === null) return 0;
  const { source, offsets } = position;
  return source?.madeBy === madeBy(model) ? source.since : (offsets[topic] ?? 0);
}
