// What do a micro-batch, a checkpoint and an opening cost with the shipped models, by size? A pipeline on a log and a lake of
// its own: the devices are registered, a history is taken in, then come micro-batches of each size, a minute's readings of
// so many devices, each followed by a checkpoint; at last it is closed and opened again.
//
//   node bench/pipeline/micro-batch.ts [--devices 10000] [--history 300000] [--sizes 10,1000,10000] [--times 7]
//
// CPU is that of the whole process, with all of its threads.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openEmbeddedLog } from "@gridlake/durable-log";
import { openPipeline, type Pipeline } from "@gridlake/pipeline";
import { shippedModels } from "@gridlake/pipeline/runtime/pipeline.fixture.ts";
import { bodies, registrations, START_MS } from "./readings.ts";
import { type Spent, spent } from "./state.ts";

const { values: args } = parseArgs({
  options: {
    devices: { type: "string", default: "10000" },
    history: { type: "string", default: "300000" },
    sizes: { type: "string", default: "10,1000,10000" },
    times: { type: "string", default: "7" },
  },
});
const devices = Number(args.devices);
const times = Number(args.times);
const historyMinutes = Math.ceil(Number(args.history) / devices);
const NEVER_MS = 3_600_000;

const dir = mkdtempSync(join(tmpdir(), "gridlake-bench-"));
mkdirSync(join(dir, "log"));
const log = await openEmbeddedLog({ dir: join(dir, "log") });
const register = [...registrations(devices)];
let seq = Number(args.history);

function show(what: string, found: readonly Spent[]): void {
  const of = (which: keyof Spent): string => {
    const sorted = found.map((one) => one[which]).sort((a, b) => a - b);
    return `${sorted[Math.floor(sorted.length / 2)]?.toFixed(0)} ms (${sorted[0]?.toFixed(0)} to ${sorted.at(-1)?.toFixed(0)})`;
  };
  console.log(`${what.padEnd(34)} CPU ${of("cpuMs").padEnd(26)} time ${of("wallMs")}`);
}

async function open(): Promise<Pipeline> {
  const opened = await openPipeline({
    dataDir: dir,
    lakeDir: join(dir, "lake"),
    log,
    models: await shippedModels(),
    checkpointIntervalMs: NEVER_MS,
    gatherMs: 0,
  });
  await opened.engine.start();
  return opened;
}

async function take(pipeline: Pipeline, topic: string, body: Uint8Array): Promise<void> {
  const { last } = await log.append({ topic }, [{ value: body, headers: {}, timestampMs: Date.now() }]);
  if (!(await pipeline.engine.reached(topic, last, NEVER_MS))) throw new Error(`${topic} was not reached`);
}

/** A minute's readings of so many devices. */
function readings(count: number, minute: number): Buffer {
  const ts = new Date(START_MS + minute * 60_000).toISOString();
  const lines = Array.from({ length: count }, (_, at) => {
    seq += 1;
    const energyWh = at * 1_000 + minute * 12;
    return JSON.stringify({
      device: register[at]?.device,
      ts,
      seq,
      energy_wh: energyWh,
      active_power_w: 700,
    });
  });
  return Buffer.from(lines.join("\n"));
}

/** @returns what the action made, after it is told what it cost */
async function shown<T>(what: string, action: () => Promise<T>): Promise<T> {
  let made: T | undefined;
  const cost = await spent(async () => {
    made = await action();
  });
  show(what, [cost]);
  return made as T;
}

/** Micro-batches of one size, and a checkpoint after each. */
async function measure(pipeline: Pipeline, size: number, firstMinute: number): Promise<void> {
  const [batches, checkpoints]: [Spent[], Spent[]] = [[], []];
  for (let at = 0; at < times; at += 1) {
    const body = readings(size, firstMinute + at);
    batches.push(await spent(() => take(pipeline, "readings", body)));
    checkpoints.push(await spent(() => pipeline.checkpoints.write()));
  }
  show(`a micro-batch of ${size} readings`, batches);
  show("the checkpoint after it", checkpoints);
}

try {
  await shown("the models read", shippedModels);
  const pipeline = await shown("opening a new directory, with them", open);
  await take(pipeline, "devices", Buffer.from(register.map((one) => JSON.stringify(one)).join("\n")));
  for (const body of bodies({ devices, minutes: historyMinutes, late: 0 }))
    await take(pipeline, "readings", body);
  await pipeline.checkpoints.write();
  for (const [at, size] of args.sizes.split(",").entries())
    await measure(pipeline, Number(size), historyMinutes + at * times);
  await shown("a checkpoint of nothing", () => pipeline.checkpoints.write());
  await pipeline.close();
  const again = await shown("opening it again", open);
  await again.close();
} finally {
  await log.close();
  rmSync(dir, { recursive: true, force: true });
}
