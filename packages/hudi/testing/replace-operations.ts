import * as fc from "fast-check";
import { type MeterRow, meterSql } from "./meter-table.ts";
import {
  type AnyOperation,
  distinct,
  type HistoryShape,
  keyOf,
  meterRow,
  operation,
  partitionOf,
  type OracleRows,
} from "./history-operation.ts";

type Place = Pick<MeterRow, "device" | "day">;

/** The rows without those of these partitions; of a table without partitions without any. */
function without(before: OracleRows, places: readonly Place[], shape: HistoryShape): OracleRows {
  const gone = new Set(places.map((place) => partitionOf(place, shape)));
  return new Map([...before].filter(([, row]) => shape.partitioned && !gone.has(partitionOf(row, shape))));
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
    const after = new Map(without(before, rows, shape));
    for (const row of distinct(rows, shape)) after.set(keyOf(row, shape), { ...row });
    return after;
  },
});

const deletePartitions = operation({
  name: "delete partitions",
  weight: 1,
  appliesTo: ({ partitioned }) => partitioned,
  parameters: fc.array(meterRow, { minLength: 1, maxLength: 2 }),
  act: (table, places, { extraMetadata, shape: { byDevice = false } }) =>
    table.deletePartitions(
      places.map(({ day, device }) => (byDevice ? [day, device] : day)),
      { extraMetadata },
    ),
  effect: without,
});

/** What replaces file groups as a whole. */
export const REPLACING: readonly AnyOperation[] = [overwrite, deletePartitions];
