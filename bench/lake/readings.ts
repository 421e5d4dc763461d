// The readings that all parts write: devices × minutes from a midnight on, in seven day partitions for 10,000 minutes.

export interface Size {
  devices: number;
  minutes: number;
}

const FIRST_DAY = "2026-01-01";
const LATE_PERCENT = 1;

export const COLUMNS = [
  { name: "reading", type: "VARCHAR", nullable: false, doc: "device and minute: the record key" },
  { name: "device", type: "VARCHAR", nullable: false },
  { name: "region", type: "VARCHAR" },
  { name: "ts_us", type: "BIGINT", doc: "µs since the epoch" },
  { name: "seq", type: "BIGINT" },
  { name: "energy_wh", type: "BIGINT", doc: "cumulative register" },
  { name: "voltage_v", type: "DOUBLE" },
  { name: "power_w", type: "DOUBLE" },
  { name: "day", type: "VARCHAR" },
];

/** SQL of all readings, in the order in which a grid sends them: minute by minute. */
export function readingsSql({ devices, minutes }: Size, { seq = 1, where = "true" } = {}): string {
  return `SELECT 'M' || lpad(d::VARCHAR, 6, '0') || '-' || lpad(m::VARCHAR, 6, '0') AS reading,
    'M' || lpad(d::VARCHAR, 6, '0') AS device, 'R' || (d % 20) AS region,
    epoch_us(TIMESTAMP '${FIRST_DAY}') + m * 60000000 AS ts_us, ${seq}::BIGINT AS seq,
    (d * 1000 + m * 7)::BIGINT AS energy_wh, 230 + (hash(d, m) % 1000) / 100.0 AS voltage_v,
    (hash(m, d) % 500000) / 100.0 AS power_w,
    strftime(TIMESTAMP '${FIRST_DAY}' + to_minutes(m::BIGINT), '%Y-%m-%d') AS day
  FROM range(${minutes}) mm(m), range(${devices}) dd(d) WHERE ${where}`;
}

/** One in a hundred of them sent again with a higher seq, from all partitions; another hundredth each round. */
export function lateSql(size: Size, round: number): string {
  const where = `hash(d, m, ${round}) % 100 < ${LATE_PERCENT}`;
  return readingsSql(size, { seq: round + 2, where });
}

/** The query of the scans: energy by region and hour. */
export function hourlySql(relation: string): string {
  return `SELECT region, ts_us // 3600000000 AS hour, sum(energy_wh)::VARCHAR AS wh, count(*) AS n FROM ${relation} GROUP BY ALL`;
}
