import * as fc from "fast-check";
import type { MeterRow } from "./meter-table.ts";
import { meterSql } from "./meter-table.ts";
import {
  type AnyOperation,
  distinct,
  type HistoryShape,
  keyOf,
  keysSql,
  meterKey,
  meterRow,
  operation,
  type OracleRows,
} from "./history-operation.ts";
import { REPLACING } from "./replace-operations.ts";

type Keys = Omit<MeterRow, "energy_wh">[];

/** Deletes apply before upserts, and of two rows of a key the one with the higher ordering value holds, the later on a tie. */
export function upserted(
  before: OracleRows,
  { upserts, deletes }: { upserts: readonly MeterRow[]; deletes: Keys },
  shape: HistoryShape,
): OracleRows {
  const after = new Map(before);
  const rows = distinct(upserts, shape);
  const written = new Set(rows.map((row) => keyOf(row, shape)));
  for (const row of deletes) if (!written.has(keyOf(row, shape))) after.delete(keyOf(row, shape));
  for (const row of rows) {
    const stored = after.get(keyOf(row, shape));
    const holds = !shape.ordered || !stored || (row.energy_wh ?? 0) >= (stored.energy_wh ?? 0);
    if (holds) after.set(keyOf(row, shape), { ...row });
  }
  return after;
}

const commit = operation({
  name: "commit",
  weight: 6,
  parameters: fc.record({
    upserts: fc.array(meterRow, { maxLength: 5 }),
    deletes: fc.array(meterKey, { maxLength: 4 }),
    concurrency: fc.constantFrom("exclusive" as const, "optimistic" as const),
    compaction: fc.option(fc.record({ afterDeltaCommits: fc.integer({ min: 1, max: 4 }) }), { freq: 2 }),
  }),
  act: (table, { upserts, deletes, concurrency, compaction }, { connection, shape, extraMetadata }) =>
    table.commit({
      ...(compaction && { compaction }),
      concurrency,
      connection,
      operation: "upsert",
      upserts: { sql: meterSql(distinct(upserts, shape)) },
      deletes: { sql: keysSql(deletes, shape) },
      extraMetadata,
    }),
  effect: upserted,
});

const clean = operation({
  name: "clean",
  weight: 2,
  parameters: fc.integer({ min: 1, max: 4 }),
  act: (table, retainCommits) => table.clean({ retainCommits }),
});

const archive = operation({
  name: "archive",
  weight: 2,
  parameters: fc.integer({ min: 1, max: 4 }),
  act: (table, keep) => table.archive({ minInstants: keep, maxInstants: keep }),
});

const isMergeOnRead = ({ type }: HistoryShape) => type === "MERGE_ON_READ";

const scheduleCompaction = operation({
  name: "schedule compaction",
  weight: 1,
  appliesTo: isMergeOnRead,
  parameters: fc.record({ minLogFiles: fc.integer({ min: 1, max: 2 }), maxBytes: fc.constantFrom(1, 1e6) }),
  act: (table, strategy) => table.scheduleCompaction({ strategy }),
});

const compact = operation({
  name: "compact",
  weight: 2,
  appliesTo: isMergeOnRead,
  parameters: fc.boolean(),
  act: (table, schedule, { connection }) => table.compact({ connection, schedule: schedule ? {} : null }),
});

/** All that histories are made of. */
export const OPERATIONS: readonly AnyOperation[] = [
  commit,
  clean,
  archive,
  scheduleCompaction,
  compact,
  ...REPLACING,
];
