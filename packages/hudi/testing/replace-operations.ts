import * as fc from "fast-check";
import { meterSql } from "./meter-table.ts";
import {
  type AnyOperation,
  distinct,
  type HistoryShape,
  keyOf,
  meterRow,
  operation,
  type OracleRows,
} from "./history-operation.ts";

/** The rows without those of these days; of a table without partitions without any. */
function without(
  before: OracleRows,
  days: ReadonlySet<string | null>,
  { partitioned }: HistoryShape,
): OracleRows {
  return new Map([...before].filter(([, row]) => partitioned && !days.has(row.day)));
}

const overwrite = operation({
  name: "overwrite partitions",
  weight: 1,
  parameters: fc.record({
    rows: fc.array(meterRow, { maxLength: 4 }),
    concurrency: fc.constantFrom("exclusive" as const, "optimistic" as const),
  }),
  act: (table, { rows, concurrency }, { connection, shape, extraMetadata }) =>
    table.commit({
      connection,
      operation: "insert_overwrite",
      upserts: { sql: meterSql(distinct(rows, shape)) },
      extraMetadata,
      concurrency,
    }),
  effect: (before, { rows }, shape) => {
    if (rows.length === 0) return before;
    const after = new Map(without(before, new Set(rows.map(({ day }) => day)), shape));
    for (const row of distinct(rows, shape)) after.set(keyOf(row, shape), { ...row });
    return after;
  },
});

const deletePartitions = operation({
  name: "delete partitions",
  weight: 1,
  appliesTo: ({ partitioned }) => partitioned,
  parameters: fc.array(
    meterRow.map(({ day }) => day),
    { minLength: 1, maxLength: 2 },
  ),
  act: (table, days, { extraMetadata }) => table.deletePartitions(days, { extraMetadata }),
  effect: (before, days, shape) => without(before, new Set(days), shape),
});

/** What replaces file groups as a whole. */
export const REPLACING: readonly AnyOperation[] = [overwrite, deletePartitions];
