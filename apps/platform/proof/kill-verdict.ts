import type { Reading } from "../e2e/operator.fixture.ts";
import { openLakeQuery } from "../lake-query.ts";
import { verify } from "../verify.ts";
import type { MeterClient } from "./meter-client.ts";
import { stateWithoutLake } from "./state-in-lake.ts";

/** What is wrong with a platform that was killed and has come to rest; all of it empty and zero when nothing is. */
export interface KillVerdict {
  /** Readings that the clients were promised. */
  acknowledged: number;
  /** Of batches given up after a lost answer: those that are there after all, and those that are not. */
  abandonedKept: number;
  abandonedLost: number;
  /** Each an acknowledged reading that is not there, or another one. */
  missing: string[];
  /** Readings that nobody sent, or that are there twice. */
  unexpected: string[];
  /** Abandoned batches that are there in part. */
  torn: number;
  quarantined: number;
  /** Devices whose energy is not the difference of their registers. */
  wrongEnergy: string[];
  differences: number;
  /** Log records that the last checkpoint did not reach. */
  waiting: number;
  stateWithoutLake: { model: string; rows: number }[];
}

export function isSound(verdict: KillVerdict): boolean {
  const { missing, unexpected, torn, quarantined, wrongEnergy: energy, differences, waiting } = verdict;
  const rows = [missing, unexpected, energy, verdict.stateWithoutLake].reduce(
    (sum, { length }) => sum + length,
    0,
  );
  return verdict.acknowledged > 0 && rows + torn + quarantined + differences + waiting === 0;
}

const READINGS = `SELECT device, strftime(ts AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') AS ts, seq, energy_wh,
  active_power_w::DOUBLE, voltage_v::DOUBLE, current_a::DOUBLE FROM dwd_reading`;

const textOf = (reading: Reading): string => JSON.stringify(Object.values(reading));

export async function judge(dataDir: string, clients: readonly MeterClient[]): Promise<KillVerdict> {
  const lake = await openLakeQuery({ dataDir });
  try {
    const { rows } = await lake.run(READINGS);
    const kept = new Map<string, number>();
    for (const [device, ts, ...numbers] of rows) {
      const text = JSON.stringify([device, ts, ...numbers.map(Number)]);
      kept.set(text, (kept.get(text) ?? 0) + 1);
    }
    const expected = new Map<string, Reading>();
    for (const { acknowledged } of clients) {
      for (const reading of acknowledged.values()) expected.set(textOf(reading), reading);
    }
    const acknowledged = expected.size;
    const fate = { abandonedKept: 0, abandonedLost: 0, torn: 0 };
    for (const batch of clients.flatMap((client) => client.abandoned)) {
      const there = batch.filter((reading) => kept.has(textOf(reading)));
      if (there.length === batch.length) fate.abandonedKept += 1;
      else if (there.length === 0) fate.abandonedLost += 1;
      else fate.torn += 1;
      for (const reading of there) expected.set(textOf(reading), reading);
    }
    const missing = [...expected.keys()].filter((text) => !kept.has(text));
    const unexpected = [...kept].filter(([text, count]) => count > 1 || !expected.has(text));
    const { differences, waiting } = await verify({ dataDir });
    const [[quarantined] = []] = (await lake.run("SELECT count(*) FROM dwd_quarantine")).rows;
    return {
      acknowledged,
      ...fate,
      missing: missing.slice(0, 10),
      unexpected: unexpected.slice(0, 10).map(([text]) => text),
      quarantined: Number(quarantined),
      wrongEnergy: await wrongEnergy(lake, [...expected.values()]),
      differences,
      waiting: Object.values(waiting).reduce((total, records) => total + records, 0),
      stateWithoutLake: await stateWithoutLake(dataDir),
    };
  } finally {
    await lake.close();
  }
}

/** The energy of quarters, hours and days, each against the registers that enclose it. */
async function wrongEnergy(
  lake: Awaited<ReturnType<typeof openLakeQuery>>,
  readings: readonly Reading[],
): Promise<string[]> {
  const ends = new Map<string, { first: Reading; last: Reading }>();
  for (const reading of readings) {
    const known = ends.get(reading.device);
    if (known === undefined) ends.set(reading.device, { first: reading, last: reading });
    else if (reading.ts < known.first.ts) known.first = reading;
    else if (reading.ts > known.last.ts) known.last = reading;
  }
  const wrong: string[] = [];
  for (const table of ["dws_energy_15min", "dws_energy_hour", "dws_energy_day"]) {
    const { rows } = await lake.run(`SELECT device, sum(energy_wh) FROM ${table} GROUP BY device`);
    const sums = new Map(rows.map(([device, energyWh]) => [device, Number(energyWh)]));
    for (const [device, { first, last }] of ends) {
      const energyWh = last.energy_wh - first.energy_wh;
      if (sums.get(device) !== energyWh) {
        wrong.push(`${table} ${device}: ${sums.get(device)} instead of ${energyWh}`);
      }
    }
  }
  return wrong;
}
