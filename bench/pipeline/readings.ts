// What the devices of a grid send: one reading a device and minute, some late and some doubled, as bodies of NDJSON.

export interface ReadingsOptions {
  devices: number;
  minutes: number;
  /** Share of readings that belong to an earlier minute, and so double one that was there. */
  late: number;
}

export const BODY_LINES = 1_000;
export const FEEDERS = 100;
const LATE_MINUTES = 120;
export const START_MS = Date.UTC(2026, 0, 1);

const deviceName = (at: number): string => `M${String(at).padStart(6, "0")}`;
const feederName = (at: number): string => `F${String(at % FEEDERS).padStart(3, "0")}`;

/** Each device with its feeder. */
export function* registrations(devices: number): Generator<{ device: string; feeder: string }> {
  for (let at = 0; at < devices; at += 1) yield { device: deviceName(at), feeder: feederName(at) };
}

/** Minute by minute, bodies of BODY_LINES lines; the last may be shorter. */
export function* bodies({ devices, minutes, late }: ReadingsOptions): Generator<Buffer> {
  let lines: string[] = [];
  let seq = 0;
  for (let minute = 0; minute < minutes; minute += 1) {
    for (let at = 0; at < devices; at += 1) {
      seq += 1;
      const isLate = (seq * 7_919) % 10_000 < late * 10_000;
      const own = isLate ? Math.max(0, minute - 1 - ((seq * 31) % LATE_MINUTES)) : minute;
      const ts = new Date(START_MS + own * 60_000).toISOString().slice(0, 19);
      const powerDw = 1_000 + ((at * 17 + own * 31) % 8_000);
      lines.push(
        `{"device":"${deviceName(at)}","ts":"${ts}Z","seq":${seq},"energy_wh":${at * 1_000 + own * 12},"active_power_w":${powerDw / 10},"voltage_v":230.1,"current_a":${(powerDw / 2_301).toFixed(3)}}`,
      );
      if (lines.length < BODY_LINES) continue;
      yield Buffer.from(lines.join("\n"));
      lines = [];
    }
  }
  if (lines.length > 0) yield Buffer.from(lines.join("\n"));
}

/** The same readings without late ones, as SQL over the columns of ods_reading. */
export function readingRowsSql({ rows, devices }: { rows: number; devices: number }): string {
  const start = `make_timestamptz(${START_MS * 1000})`;
  return `SELECT i // ${BODY_LINES} AS topic_offset, i % ${BODY_LINES} + 1 AS line, ${start} AS received_at,
  'M' || lpad(CAST(i % ${devices} AS VARCHAR), 6, '0') AS device, ${start} + to_minutes(i // ${devices}) AS ts, i AS seq,
  (i % ${devices}) * 1000 + (i // ${devices}) * 12 AS energy_wh,
  CAST(100 + ((i % ${devices}) * 17 + (i // ${devices}) * 31) % 8000 / 10.0 AS DECIMAL(12,3)) AS active_power_w,
  CAST(230.1 AS DECIMAL(9,3)) AS voltage_v
FROM range(${rows}) AS r(i)`;
}
