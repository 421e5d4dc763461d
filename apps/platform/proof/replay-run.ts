import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Operator } from "../e2e/operator.fixture.ts";
import { ADMIN_PASSWORD, Ground, REPOSITORY } from "../e2e/platform.fixture.ts";
import { openLakeQuery } from "../lake-query.ts";
import { verify } from "../verify.ts";
import { stateWithoutLake } from "./state-in-lake.ts";

export interface ReplayOptions {
  /** A CSV file with the columns time and watts, `.gz` too. */
  series: string;
  /** @default the whole series */
  days?: number;
  meters: number;
  /** Fractions of 1. */
  late: number;
  duplicates: number;
  print?: (text: string) => void;
}

/** What the simulator says that it sent. */
interface SimulatorReport {
  readings: number;
  lines: number;
  late: number;
  repeated: number;
  corrected: number;
  elapsedMs: number;
  lastBatch: string;
  meters: {
    device: string;
    readings: number;
    first: { ts: string; energyWh: number };
    last: { ts: string; energyWh: number };
  }[];
}

export interface Replay {
  readings: number;
  lines: number;
  late: number;
  repeated: number;
  corrected: number;
  /** From the first line sent to the last one queryable. */
  wallSeconds: number;
  linesPerSecond: number;
  /** Of the platform alone. */
  cpuSeconds: number;
  cpuMicrosecondsPerLine: number;
  peakResidentMib: number;
  /** How long after the last acknowledgement the last line was queryable. */
  drainSeconds: number;
  stopSeconds: number;
  lakeMib: number;
  logMib: number;
  engineMib: number;
  verifySeconds: number;
  restartSeconds: number;
  rowsVerified: number;
  differences: number;
  /** Log records that the lake does not hold. */
  waiting: number;
  quarantined: number;
  /** Rows of dwd_reading. */
  kept: number;
  /** Meters whose first or last register in dwd_reading is not the simulator's. */
  wrongRegisters: string[];
  /** Meters whose energy is not the difference of their registers. */
  wrongEnergy: string[];
  stateWithoutLake: { model: string; rows: number }[];
}

export function isExact(replay: Replay): boolean {
  const { differences, waiting, quarantined, wrongRegisters, wrongEnergy } = replay;
  const wrong = wrongRegisters.length + wrongEnergy.length + replay.stateWithoutLake.length;
  return replay.kept === replay.readings && differences + waiting + quarantined + wrong === 0;
}

export async function runReplay(options: ReplayOptions): Promise<Replay> {
  const { print = () => {} } = options;
  const ground = new Ground();
  let simulator: ChildProcess | undefined;
  try {
    const platform = await ground.start({ env: { GRIDLAKE_LOG_LEVEL: "warn" } });
    const report = join(ground.home, "report.json");
    const cpuBefore = platform.cpuSeconds();
    const beganAtMs = performance.now();
    simulator = simulate(platform.url, report, options);
    simulator.stderr?.on("data", (chunk: Buffer) => print(chunk.toString()));
    const [code] = (await once(simulator, "close")) as [number | null];
    if (code !== 0) throw new Error(`the simulator ended with ${code}:\n${platform.stderr}`);
    const sent = JSON.parse(readFileSync(report, "utf8")) as SimulatorReport;
    const sentAtMs = performance.now();
    await (await Operator.logIn(platform)).drained(Number(sent.lastBatch.split("-").at(-1)));
    const drainedAtMs = performance.now();
    const cpuSeconds = platform.cpuSeconds() - cpuBefore;
    const peakResidentMib = Math.round(platform.peakResidentBytes() / MIB);
    const end = await platform.stop();
    if (end.code !== 0) throw new Error(`the stop ended with ${end.code}:\n${platform.stderr}`);
    print(`stopped after ${seconds(end.elapsedMs)} s\n`);
    const sizes = {
      lakeMib: sizeMib(join(ground.dataDir, "lake")),
      logMib: sizeMib(join(ground.dataDir, "log")),
      engineMib: sizeMib(join(ground.dataDir, "engine")),
    };
    // what the stop had no time to bring into the lake is brought there after the next start
    const again = await ground.start();
    const restartSeconds = seconds(again.readyMs);
    await (await Operator.logIn(again)).settled();
    await again.stop();
    const verifiedAtMs = performance.now();
    const { tables, differences, waiting } = await verify({
      dataDir: ground.dataDir,
      onTable: ({ model, rowsCompared, differences: wrong }) =>
        print(`${model.padEnd(30)} ${rowsCompared} rows, ${wrong} differences\n`),
    });
    const wallMs = drainedAtMs - beganAtMs;
    return {
      readings: sent.readings,
      lines: sent.lines,
      late: sent.late,
      repeated: sent.repeated,
      corrected: sent.corrected,
      wallSeconds: seconds(wallMs),
      linesPerSecond: Math.round((sent.lines / wallMs) * 1_000),
      cpuSeconds: seconds(cpuSeconds * 1_000),
      cpuMicrosecondsPerLine: Math.round((cpuSeconds / sent.lines) * 1e7) / 10,
      peakResidentMib,
      drainSeconds: seconds(drainedAtMs - sentAtMs),
      stopSeconds: seconds(end.elapsedMs),
      ...sizes,
      verifySeconds: seconds(performance.now() - verifiedAtMs),
      restartSeconds,
      rowsVerified: tables.reduce((sum, table) => sum + table.rowsCompared, 0),
      differences,
      waiting: Object.values(waiting).reduce((sum, records) => sum + records, 0),
      ...(await compareEnergies(ground.dataDir, sent)),
      stateWithoutLake: await stateWithoutLake(ground.dataDir),
    };
  } finally {
    simulator?.kill("SIGKILL");
    await ground.clear();
  }
}

function simulate(url: string, report: string, options: ReplayOptions): ChildProcess {
  const flags = {
    url,
    report,
    series: options.series,
    meters: options.meters,
    late: options.late,
    duplicates: options.duplicates,
    ...(options.days === undefined ? {} : { days: options.days }),
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { PATH = "", HOME = "" } = process.env;
  return spawn(process.execPath, [join(REPOSITORY, "apps/cli/main.ts"), "simulate", ...args], {
    env: { PATH, HOME, GRIDLAKE_ADMIN_PASSWORD: ADMIN_PASSWORD },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

/** Each meter's energy against its registers, as the simulator says they are and as the readings have them. */
async function compareEnergies(
  dataDir: string,
  sent: SimulatorReport,
): Promise<Pick<Replay, "kept" | "quarantined" | "wrongRegisters" | "wrongEnergy">> {
  const lake = await openLakeQuery({ dataDir });
  try {
    const one = async (sql: string): Promise<number> => Number((await lake.run(sql)).rows[0]?.[0]);
    const registers = await byDevice(
      lake,
      `SELECT device, count(*), arg_min(energy_wh, ts), arg_max(energy_wh, ts) FROM dwd_reading GROUP BY device`,
    );
    const energies = await byDevice(
      lake,
      "SELECT device, sum(energy_wh) FROM dws_energy_day GROUP BY device",
    );
    const wrongRegisters: string[] = [];
    const wrongEnergy: string[] = [];
    for (const { device, readings, first, last } of sent.meters) {
      const expected = [readings, first.energyWh, last.energyWh];
      const found = registers.get(device) ?? [];
      if (String(found) !== String(expected)) wrongRegisters.push(`${device}: ${found}, not ${expected}`);
      const energyWh = last.energyWh - first.energyWh;
      const [sum] = energies.get(device) ?? [];
      if (sum !== energyWh) wrongEnergy.push(`${device}: ${sum} Wh, not ${energyWh} Wh`);
    }
    if (registers.size !== sent.meters.length) wrongRegisters.push(`${registers.size} devices`);
    return {
      kept: await one("SELECT count(*) FROM dwd_reading"),
      quarantined: await one("SELECT count(*) FROM dwd_quarantine"),
      wrongRegisters,
      wrongEnergy,
    };
  } finally {
    await lake.close();
  }
}

async function byDevice(
  lake: Awaited<ReturnType<typeof openLakeQuery>>,
  sql: string,
): Promise<Map<string, number[]>> {
  const { rows } = await lake.run(sql);
  return new Map(rows.map(([device, ...numbers]) => [String(device), numbers.map(Number)]));
}

const MIB = 1_048_576;

/** What it takes on the disk, holes not counted. */
function sizeMib(folder: string): number {
  const bytes = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => lstatSync(join(folder, path)))
    .reduce((sum, stat) => sum + stat.blocks * 512, 0);
  return Math.round(bytes / MIB);
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;
