import { createHash } from "node:crypto";
import type { Model, SourceShape } from "./model.ts";

/** Raised when the same IR comes to mean other rows, so that every model is rebuilt. */
const MEANING_VERSION = 1;

/**
 * SHA-256 (hex) of all that decides a model's rows and where they lie: key, ordering, partition, columns, plan, the
 * shapes of its inputs and their fingerprints. Words about it (description, owner, docs, tests, freshness, live) don't count.
 */
export function fingerprintOf(
  model: Omit<Model, "fingerprint">,
  shapes: readonly SourceShape[],
  inputFingerprints: readonly string[],
): string {
  const { name, layer, key, ordering, partition, columns, body } = model;
  const meaning = {
    version: MEANING_VERSION,
    name,
    layer,
    key,
    ordering,
    partition,
    columns: columns.map((column) => ({ name: column.name, type: column.type, nullable: column.nullable })),
    body,
    shapes,
    inputs: [...inputFingerprints].sort(),
  };
  return createHash("sha256").update(canonical(meaning)).digest("hex");
}

/** JSON with sorted keys, so that the order in which an object was built does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
