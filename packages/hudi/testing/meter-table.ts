import type { Clock } from "@gridlake/kernel";
import { sqlText } from "../schema/sql-text.ts";
import type { Storage } from "../storage/storage.ts";
import { createTable } from "../table/create-table.ts";
import type { HudiTable } from "../table/table.ts";
import type { TableDefinition } from "../table/table-config.ts";

export const METER_COLUMNS: TableDefinition["columns"] = [
  { name: "device", type: "VARCHAR", nullable: false },
  { name: "seq", type: "BIGINT", nullable: false },
  { name: "day", type: "VARCHAR" },
  { name: "energy_wh", type: "BIGINT", doc: "cumulative register, Wh" },
];

/** A table of meter readings, keyed by device and seq, partitioned by day, the last written row holds. */
export function meterTable(
  storage: Storage,
  path: string,
  { clock, ...definition }: Partial<TableDefinition> & { clock?: Clock } = {},
): Promise<HudiTable> {
  return createTable(
    storage,
    path,
    {
      name: "meter",
      columns: METER_COLUMNS,
      recordKey: ["device", "seq"],
      partition: "day",
      ordering: null,
      ...definition,
    },
    clock === undefined ? {} : { clock },
  );
}

export interface MeterRow {
  device: string;
  seq: number;
  day: string | null;
  energy_wh: number | null;
}

/** A SELECT that gives these rows; of none, an empty one with the same columns. */
export function meterSql(rows: readonly MeterRow[]): string {
  const values = rows.map(
    (row) =>
      `(${sqlText(row.device)}, ${row.seq}, ${row.day === null ? "NULL" : sqlText(row.day)}, ${row.energy_wh ?? "NULL"})`,
  );
  const columns =
    "device::VARCHAR AS device, seq::BIGINT AS seq, day::VARCHAR AS day, energy_wh::BIGINT AS energy_wh";
  return rows.length === 0
    ? `SELECT ${columns} FROM (SELECT NULL AS device, NULL AS seq, NULL AS day, NULL AS energy_wh) WHERE false`
    : `SELECT ${columns} FROM (VALUES ${values.join(", ")}) v(device, seq, day, energy_wh)`;
}
