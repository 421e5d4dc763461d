/** One record of a topic: one line. */
export interface InputRecord {
  readonly topic: string;
  readonly receivedAt: string;
  readonly scope: string | null;
  readonly body: string;
}

const T0 = Date.parse("2026-03-28T20:07:00Z");
const STEP_MS = 7 * 60_000;
const FEEDERS = 3;
const SPOILT = [
  "{",
  "[]",
  "nonsense",
  '{"device":"M1"} x',
  '{"device":"M1"}',
  '{"device":1,"ts":"x","seq":"1","energy_wh":1.5}',
  '{"device":"M1","ts":"2026-02-30T00:00:00Z","seq":1,"energy_wh":1}',
  '{"device":"M1","ts":"2026-03-29T00:00:00Z","seq":1,"energy_wh":-5}',
  '{"device":"","ts":"2026-03-29T00:00:00Z","seq":1,"energy_wh":5}',
];

/** Numbers in [0, 1) that a seed decides (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A night over the change of the clocks (29 March 2026, 01:00Z in Europe): readings that are late, doubled, corrected or
 * spoilt, in no order; devices that move between feeders, vanish and come back.
 */
export function randomInputs(options: { seed: number; devices: number; readings: number }): InputRecord[] {
  const random = randomOf(options.seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const records: InputRecord[] = [];
  const send = (topic: string, body: object | string, scope: string | null = null): void => {
    const receivedAt = new Date(T0 + records.length * 250).toISOString().replace("T", " ").replace("Z", "");
    records.push({ topic, receivedAt, scope, body: typeof body === "string" ? body : JSON.stringify(body) });
  };
  const register = (device: number, deleted: boolean): void =>
    send("devices", {
      device: `M${device}`,
      feeder: `F${below(FEEDERS)}`,
      name: `Zähler ${device}`,
      rated_voltage_v: 230,
      ...(deleted ? { deleted } : {}),
    });
  for (let feeder = 0; feeder < FEEDERS; feeder += 1) send("feeders", { feeder: `F${feeder}`, region: "R" });
  for (let device = 0; device < options.devices; device += 2) register(device, false);
  const rows: object[] = [];
  for (let at = 0; at < options.readings; at += 1) {
    const device = below(options.devices);
    const step = Math.floor(at / options.devices);
    rows.push({
      device: `M${device}`,
      ts: new Date(T0 + step * STEP_MS + below(4) * 30_000).toISOString(),
      seq: below(3),
      energy_wh: step * 100 + below(150),
      ...(random() < 0.9
        ? { active_power_w: below(9_000_000) / 1000, voltage_v: 230.1, current_a: -1.25 }
        : {}),
    });
  }
  // a window of a hundred: what is late overtakes
  for (let at = 0; at < rows.length; at += 1) {
    const other = Math.min(rows.length - 1, at + below(100));
    const [mine, theirs] = [rows[at], rows[other]];
    if (mine && theirs) [rows[at], rows[other]] = [theirs, mine];
  }
  for (const row of rows) {
    const scope = random() < 0.03 ? '["M1","M2"]' : null;
    send("readings", row, scope);
    if (random() < 0.05) send("readings", row, scope);
    if (random() < 0.02) send("readings", SPOILT[below(SPOILT.length)] ?? "{");
    if (random() < 0.02) register(below(options.devices), random() < 0.3);
  }
  return records;
}
