import type { DuckDBConnection } from "@duckdb/node-api";
import * as fc from "fast-check";
import type { HudiTable } from "../table/table.ts";
import type { TableDefinition, TableType, TableVersion } from "../table/table-config.ts";
import { type MeterRow, meterSql } from "./meter-table.ts";

/** The kinds of table that a history can be of. */
export interface HistoryShape {
  type: TableType;
  version: TableVersion;
  index: NonNullable<TableDefinition["index"]>;
  /** Whether the row with the most energy holds; else the last written one does. */
  ordered: boolean;
  partitioned: boolean;
  /** Whether by day and device, not by day alone. @default false */
  byDevice?: boolean;
}

/** A row as the oracle keeps it. */
export interface OracleRow extends MeterRow {
  /** The instant that wrote it. */
  written: string;
}

/** The table's rows by their keys. */
export type OracleRows = ReadonlyMap<string, MeterRow>;

export interface OperationContext {
  connection: DuckDBConnection;
  shape: HistoryShape;
  /** To be kept in the `extraMetadata` of what is committed: it says whether that was completed before its writer died. */
  extraMetadata: Readonly<Record<string, string>>;
}

/** Something that is done to a table in a history; `P` is what of it is random. */
export interface HistoryOperation<P> {
  name: string;
  /** How often it is done, relative to the others. */
  weight: number;
  appliesTo?: (shape: HistoryShape) => boolean;
  parameters: fc.Arbitrary<P>;
  /** Does it; the storage under the table may die at any change. */
  act: (table: HudiTable, parameters: P, context: OperationContext) => Promise<unknown>;
  /**
   * The rows after it, once it has committed: a row that stays as it was has to be the same object. Absent in what changes
   * no row, and commits without the context's `extraMetadata`.
   */
  effect?: (before: OracleRows, parameters: P, shape: HistoryShape) => OracleRows;
}

/** So that operations of any parameters can stand in one list. */
export type AnyOperation = HistoryOperation<unknown>;

export function operation<P>(one: HistoryOperation<P>): AnyOperation {
  return one as AnyOperation;
}

/** Few, so that they meet often. */
const key = {
  device: fc.constantFrom("a", "b"),
  seq: fc.integer({ min: 0, max: 2 }),
  day: fc.constantFrom("d1", "d/2", null),
};

/** A row of the table; `day` is of no account when it is not partitioned. */
export const meterRow: fc.Arbitrary<MeterRow> = fc.record({
  ...key,
  energy_wh: fc.integer({ min: 0, max: 9 }),
});
export const meterKey: fc.Arbitrary<Omit<MeterRow, "energy_wh">> = fc.record(key);

/** Tells a row apart in its table. */
export function keyOf(row: Pick<MeterRow, "device" | "seq" | "day">, { partitioned }: HistoryShape): string {
  return partitioned ? `${row.device} ${row.seq} ${row.day}` : `${row.device} ${row.seq}`;
}

/** Tells a row's partition apart in its table. */
export function partitionOf(
  { day, device }: Pick<MeterRow, "device" | "day">,
  { byDevice = false }: HistoryShape,
): string {
  return byDevice ? `${day} ${device}` : `${day}`;
}

/** Several rows, of each key one. */
export function distinct<R extends Pick<MeterRow, "device" | "seq" | "day">>(
  rows: readonly R[],
  shape: HistoryShape,
): R[] {
  return [...new Map(rows.map((row) => [keyOf(row, shape), row])).values()];
}

/** A SELECT of the key columns, and of the partition column if there is one. */
export function keysSql(keys: readonly Omit<MeterRow, "energy_wh">[], { partitioned }: HistoryShape): string {
  const rows = meterSql(keys.map((row) => ({ ...row, energy_wh: 0 })));
  return `SELECT device, seq${partitioned ? ", day" : ""} FROM (${rows})`;
}
