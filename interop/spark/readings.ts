import type { TableDefinition } from "@gridlake/hudi";

const COLUMNS: TableDefinition["columns"] = [
  { name: "device", type: "VARCHAR", nullable: false },
  { name: "reading", type: "BIGINT", nullable: false },
  { name: "region", type: "VARCHAR" },
  { name: "seq", type: "BIGINT" },
  { name: "at", type: "TIMESTAMPTZ" },
  { name: "day", type: "DATE" },
  { name: "energy_wh", type: "BIGINT" },
  { name: "phase", type: "INTEGER" },
  { name: "power_kw", type: "DECIMAL(9,3)" },
  { name: "price", type: "DECIMAL(18,6)" },
  { name: "total", type: "DECIMAL(30,8)" },
  { name: "note", type: "VARCHAR" },
];

/** A table of meter readings; of two versions of a reading the higher `seq` holds. */
export function readings(name: string, more: Partial<TableDefinition> = {}): TableDefinition {
  return {
    name,
    columns: COLUMNS,
    recordKey: ["device", "reading"],
    partition: "region",
    ordering: "seq",
    ...more,
  };
}

const REGIONS = "['north', 'south', 'a/b c=%']";

/** Readings [from, to), as written with this seq: their values follow from both. */
export function readingRows({
  from,
  to,
  seq,
  step = 1,
}: {
  from: number;
  to: number;
  seq: number;
  step?: number;
}): string {
  return `SELECT 'M' || (i % 7) AS device, i AS reading, ${REGIONS}[1 + i % 3] AS region, ${seq}::BIGINT AS seq,
    TIMESTAMPTZ '2026-01-01 00:00:00.000001Z' + to_minutes(i * 15) AS "at", DATE '2026-01-01' + (i // 96)::INTEGER AS day,
    i * 1000 + ${seq} AS energy_wh, (i % 3)::INTEGER AS phase, ((i - 100) * 1.25)::DECIMAL(9,3) AS power_kw,
    (i * 0.123456 + ${seq})::DECIMAL(18,6) AS price, (i::DECIMAL(30,8) * 123456789 + 0.00000001) AS total,
    CASE WHEN i % 5 > 0 THEN 'reading ' || i || ' as of ' || ${seq} END AS note
  FROM range(${from}, ${to}, ${step}) r(i)`;
}

/** Those of one region: its partition. */
export function ofRegion(region: string, rows: string): string {
  return `SELECT * FROM (${rows}) WHERE region = '${region}'`;
}

/** The keys of the same readings, with their partitions. */
export function readingKeys(range: { from: number; to: number; step?: number }): string {
  return `SELECT device, reading, region FROM (${readingRows({ ...range, seq: 0 })})`;
}

/** Filters that Spark pushes down to partitions and to column statistics. */
export const READING_FILTERS: readonly string[] = [
  "region = 'north'",
  "reading >= 280",
  "seq = 20",
  "energy_wh BETWEEN 100000 AND 150000",
  "day = DATE '2026-01-02'",
  "device = 'M3' AND power_kw > 1.25",
];
