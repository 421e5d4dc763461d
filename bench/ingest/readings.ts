import { MINUTE_MS } from "@gridlake/kernel";

export const DEVICES = 10_000;
const FEEDERS = 100;
const START_MS = Date.UTC(2013, 9, 1);

export interface Reading {
  device: string;
  tsMs: number;
  seq: number;
  energyWh: number;
  activePowerW: number;
  voltageV: number;
  currentA: number;
}

/** Readings as 10,000 devices send them, minute by minute from `firstMinute` on; no two are of one device and minute. */
export function* readings({
  count,
  firstMinute,
}: {
  count: number;
  firstMinute: number;
}): Generator<Reading> {
  for (let at = firstMinute * DEVICES; at < firstMinute * DEVICES + count; at += 1) {
    const minute = Math.floor(at / DEVICES);
    const powerDw = 1_000 + ((at * 7_919) % 5_000);
    yield {
      device: deviceName(at % DEVICES),
      tsMs: START_MS + minute * MINUTE_MS,
      seq: minute + 1,
      energyWh: 123_456 + at,
      activePowerW: powerDw / 10,
      voltageV: 230.1,
      currentA: Math.round((powerDw * 1_000) / 2_300) / 1_000,
    };
  }
}

/** A reading as our port takes it. */
export function jsonLine(reading: Reading): string {
  const ts = new Date(reading.tsMs).toISOString().replace(".000Z", "Z");
  return `{"device":"${reading.device}","ts":"${ts}","seq":${reading.seq},"energy_wh":${reading.energyWh},"active_power_w":${reading.activePowerW},"voltage_v":${reading.voltageV},"current_a":${reading.currentA}}`;
}

/** Every `size` readings as one body. */
export function bodies(made: Iterable<Reading>, size: number, line: (reading: Reading) => string): Buffer[] {
  const whole: Buffer[] = [];
  let lines: string[] = [];
  for (const reading of made) {
    lines.push(line(reading));
    if (lines.length < size) continue;
    whole.push(Buffer.from(`${lines.join("\n")}\n`));
    lines = [];
  }
  if (lines.length > 0) whole.push(Buffer.from(`${lines.join("\n")}\n`));
  return whole;
}

/** All devices for the register, as CSV. */
export function deviceCsv(): string {
  const rows = Array.from(
    { length: DEVICES },
    (_, at) => `${deviceName(at)},F${String(at % FEEDERS).padStart(3, "0")}`,
  );
  return `device,feeder\n${rows.join("\n")}\n`;
}

function deviceName(at: number): string {
  return `M${String(at).padStart(5, "0")}`;
}
