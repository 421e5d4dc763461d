// What does it cost to keep every indicator right all the time, against computing each once at the end? A day of a
// grid's readings, some late and some doubled, is streamed in micro-batches through all models; then all models are
// computed once, each by one plain query over the same records, by the same decoder. CPU of both, and that their
// tables are equal.
//
//   node bench/pipeline/stream-and-batch.ts [--devices 10000] [--minutes 1440] [--batches 1000] [--late 0.02]
//                                           [--threads 2] [--trace 0]
//
// --trace N: the N dearest statements of the stream. A micro-batch is a synced transaction; ports, log and lake are
// left out (sustained.ts has them).
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { shippedModels } from "@gridlake/pipeline/runtime/pipeline.fixture.ts";
import { Batch } from "./batch.ts";
import { BODY_LINES, bodies, registrations } from "./readings.ts";
import { BenchState, spent } from "./state.ts";
import { StatementTrace } from "./trace.ts";

const { values: args } = parseArgs({
  options: {
    devices: { type: "string", default: "10000" },
    minutes: { type: "string", default: "1440" },
    batches: { type: "string", default: "1000" },
    late: { type: "string", default: "0.02" },
    threads: { type: "string", default: "2" },
    trace: { type: "string", default: "0" },
  },
});
const options = { devices: Number(args.devices), minutes: Number(args.minutes), late: Number(args.late) };
const threads = Number(args.threads);
const totalLines = options.devices * options.minutes;
const bodiesPerBatch = Math.max(1, Math.ceil(totalLines / BODY_LINES / Number(args.batches)));
const REPORTS = 10;

const models = await shippedModels();
const register = Buffer.from(
  [...registrations(options.devices)].map((one) => JSON.stringify(one)).join("\n"),
);

async function stream(path: string): Promise<number> {
  const state = await BenchState.open(path, models, threads);
  try {
    await state.take("devices", [register]);
    const trace = Number(args.trace) > 0 ? new StatementTrace(state.connection) : null;
    let [lines, cpuMs, wallMs, batches] = [0, 0, 0, 0];
    const longestMs: number[] = [];
    const input = bodies(options);
    for (;;) {
      const some = take(input, bodiesPerBatch);
      if (some.length === 0) break;
      const one = await spent(async () => {
        lines += await state.take("readings", some);
      });
      batches += 1;
      cpuMs += one.cpuMs;
      wallMs += one.wallMs;
      longestMs.push(one.wallMs);
      if (
        Math.floor((lines * REPORTS) / totalLines) >
        Math.floor(((lines - some.length * BODY_LINES) * REPORTS) / totalLines)
      )
        console.log(`  ${lines} readings, ${perLine(cpuMs, lines)} µs of CPU each so far`);
    }
    longestMs.sort((a, b) => a - b);
    const at = (share: number): string => (longestMs[Math.floor(longestMs.length * share)] ?? 0).toFixed(0);
    console.log(
      `stream     ${lines} readings in ${batches} micro-batches: ${perLine(cpuMs, lines)} µs of CPU each, ${((lines / wallMs) * 1000).toFixed(0)}/s; a micro-batch p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
    );
    trace?.print(Number(args.trace), lines);
    return cpuMs;
  } finally {
    state.close();
  }
}

async function batch(path: string, statePath: string): Promise<number> {
  const peer = await Batch.open(path, models, threads);
  try {
    let cpuMs = 0;
    for (const { name } of models.topics) {
      const input = name === "readings" ? bodies(options) : name === "devices" ? [register] : [];
      cpuMs += (await peer.stage(name, input)).cpuMs;
    }
    const run = await peer.run();
    cpuMs += run.cpuMs;
    console.log(
      `batch      all ${models.models.length} models at once: ${perLine(cpuMs, totalLines)} µs of CPU a reading`,
    );
    console.log(`different  ${await peer.differences(statePath)} rows between the two`);
    return cpuMs;
  } finally {
    peer.close();
  }
}

const perLine = (cpuMs: number, lines: number): string => ((cpuMs * 1000) / lines).toFixed(1);

function take(input: Iterator<Buffer>, count: number): Buffer[] {
  const taken: Buffer[] = [];
  while (taken.length < count) {
    const next = input.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}

const dir = mkdtempSync(join(tmpdir(), "gridlake-bench-"));
try {
  const statePath = join(dir, "stream.duckdb");
  const streamed = await stream(statePath);
  const computed = await batch(join(dir, "batch.duckdb"), statePath);
  console.log(`ratio      ${(streamed / computed).toFixed(2)} times the CPU of the batch`);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
