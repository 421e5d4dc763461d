import type { Model } from "../ir/index.ts";

/**
 * What decides a table's rows: the model with all that it reads, and the grid's time zone, in which days begin and
 * partitions are named. A source's rows are what was received, whatever the zone.
 */
export function meaningOf(model: Model, timeZone: string): string {
  return model.topics.length > 0 ? model.fingerprint : `${model.fingerprint}@${timeZone}`;
}
