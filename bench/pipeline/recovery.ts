// How long until the engine takes lines in again, with the state of so many devices and minutes behind it?
//
//   node bench/pipeline/recovery.ts [--devices 10000] [--minutes 1440] [--memory-mib 2048] [--keep DIR]
//
//   killed   kill -9 in the midst of micro-batches and checkpoints, then a new process on what is left
//   lost     the engine's folder is gone: lake and log alone
//
// Measured in the new process, Node's own start excluded: until the pipeline is open, and until the next record of the log
// is queryable. Each line tells the state's size on disk and the process's peak memory.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { TOPICS } from "@gridlake/contracts";
import { type EmbeddedLog, openEmbeddedLog } from "@gridlake/durable-log";
import { loadModels, openPipeline, type Pipeline } from "@gridlake/pipeline";

const { values: args } = parseArgs({
  options: {
    devices: { type: "string", default: "10000" },
    minutes: { type: "string", default: "1440" },
    "memory-mib": { type: "string", default: "2048" },
    keep: { type: "string" },
    role: { type: "string" },
    dir: { type: "string", default: "" },
  },
});
const devices = Number(args.devices);
const minutes = Number(args.minutes);
const MODELS = fileURLToPath(new URL("../../models", import.meta.url));
const FEEDERS = 100;
const BODY_LINES = 1_000;
const START_MS = Date.UTC(2026, 0, 1);
/** The log is filled so far ahead of the engine. */
const AHEAD = 200;
const HOUR_MS = 3_600_000;

const deviceName = (at: number): string => `M${String(at).padStart(6, "0")}`;
const encode = (lines: readonly object[]): Uint8Array =>
  new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join("\n"));

function reading(device: number, minute: number): object {
  return {
    device: deviceName(device),
    ts: new Date(START_MS + minute * 60_000).toISOString(),
    seq: minute,
    energy_wh: device * 1_000 + minute * 12,
    active_power_w: 100 + ((device * 17 + minute * 31) % 800),
    voltage_v: 230.1,
  };
}

async function open(dir: string): Promise<{ log: EmbeddedLog; pipeline: Pipeline }> {
  mkdirSync(join(dir, "log"), { recursive: true });
  const log = await openEmbeddedLog({ dir: join(dir, "log") });
  const pipeline = await openPipeline({
    dataDir: dir,
    lakeDir: join(dir, "lake"),
    log,
    models: await loadModels(MODELS, TOPICS),
    memoryLimitMib: Number(args["memory-mib"]),
    onFailure: (error) => console.error(error),
  });
  await pipeline.engine.start();
  return { log, pipeline };
}

const append = async (log: EmbeddedLog, topic: string, lines: readonly object[]): Promise<number> => {
  const record = { value: encode(lines), headers: {}, timestampMs: Date.now() };
  return (await log.append({ topic }, [record])).last;
};

/** Feeds until it is killed: the day, then the same minute again and again. */
async function feed(dir: string): Promise<void> {
  const { log, pipeline } = await open(dir);
  const registered = Array.from({ length: devices }, (_, at) => ({
    device: deviceName(at),
    feeder: `F${at % FEEDERS}`,
  }));
  await append(log, "devices", registered);
  for (let minute = 0; ; minute += 1) {
    let last = 0;
    for (let from = 0; from < devices; from += BODY_LINES) {
      const count = Math.min(BODY_LINES, devices - from);
      const body = Array.from({ length: count }, (_, at) => reading(from + at, minute));
      last = await append(log, "readings", body);
    }
    await pipeline.engine.reached("readings", last - AHEAD, HOUR_MS);
    if (minute + 1 !== minutes) continue;
    await pipeline.engine.reached("readings", last, HOUR_MS);
    console.log("fed");
  }
}

/** Opens what is left, and takes one more record in. */
async function recover(dir: string): Promise<void> {
  const startedMs = performance.now();
  const { log, pipeline } = await open(dir);
  const openMs = performance.now() - startedMs;
  const last = await append(log, "readings", [reading(0, minutes + 1_000)]);
  const { next } = await log.bounds({ topic: "readings" });
  const behind = pipeline.engine.state().topics.find(({ topic }) => topic === "readings");
  if (!(await pipeline.engine.reached("readings", last, HOUR_MS))) throw new Error("it was not reached");
  const queryableMs = performance.now() - startedMs;
  const [row] = await pipeline.engine.serving.rows("SELECT count(*) AS n FROM dwd_reading");
  const peakMib =
    Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? 0) / 1024;
  const waited = next - (behind?.next ?? next);
  const stateMib = statSync(join(dir, "engine", "pipeline.duckdb")).size / 2 ** 20;
  console.log(
    `open ${(openMs / 1000).toFixed(1)} s, queryable ${(queryableMs / 1000).toFixed(1)} s behind ${waited} records of the log; ` +
      `${String(row?.["n"])} readings, state ${stateMib.toFixed(0)} MiB, peak ${peakMib.toFixed(0)} MiB`,
  );
  // what the next measure begins with
  await pipeline.close();
  await log.close();
}

/** Another process of this file; `onLine` may end it. */
function run(role: string, dir: string, onLine: (line: string, kill: () => void) => void): Promise<void> {
  const own = ["--devices", args.devices, "--minutes", args.minutes, "--memory-mib", args["memory-mib"]];
  const child = spawn(
    process.execPath,
    [fileURLToPath(import.meta.url), "--role", role, "--dir", dir, ...own],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  child.stdout.on("data", (chunk: Buffer) => onLine(chunk.toString().trim(), () => child.kill("SIGKILL")));
  return new Promise((resolve, reject) => {
    child.once("exit", (code, signal) =>
      code === 0 || signal === "SIGKILL" ? resolve() : reject(new Error(`${role} ended with ${code}`)),
    );
  });
}

if (args.role === "feed") await feed(args.dir);
else if (args.role === "recover") await recover(args.dir);
else {
  const dir = args.keep ?? mkdtempSync(join(tmpdir(), "gridlake-recovery-"));
  try {
    // some seconds into the next micro-batches and their checkpoint
    await run("feed", dir, (_, kill) => setTimeout(kill, 3_000));
    await run("recover", dir, (line) => console.log(`killed  ${line}`));
    rmSync(join(dir, "engine"), { recursive: true });
    await run("recover", dir, (line) => console.log(`lost    ${line}`));
  } finally {
    if (args.keep === undefined) rmSync(dir, { recursive: true, force: true });
  }
}
