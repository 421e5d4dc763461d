// How much of what a plain file could sync does the durable log acknowledge?
//   node bench/durable-log/append.ts [--seconds 3] [--rounds 3] [--dir DIR]
// Each appender sends its next record when the last is acknowledged. The log and the plain file (write + fdatasync)
// take the same bytes from as many appenders under the same rule: what comes in during a sync shares the next.
// They take turns in one run; the ratio is of their medians.
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as immediate } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openEmbeddedLog } from "@gridlake/durable-log";

const { values: args } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "3" },
    dir: { type: "string", default: tmpdir() },
  },
});
const durationMs = Number(args.seconds) * 1_000;
const rounds = Number(args.rounds);

interface Load {
  name: string;
  value: Buffer;
  appenders: number;
}

function line(at: number): string {
  return (
    `{"device":"M${String(at % 10_000).padStart(4, "0")}","ts":"2013-10-01T00:00:00Z","seq":${at},` +
    `"energy_wh":${123_456 + at},"active_power_w":154.6,"voltage_v":230.1,"current_a":0.7}\n`
  );
}

function ndjson(lines: number): Buffer {
  return Buffer.from(Array.from({ length: lines }, (_, at) => line(at)).join(""));
}

const LOADS: Load[] = [
  { name: "bodies of 1000 lines, 1 appender", value: ndjson(1_000), appenders: 1 },
  { name: "bodies of 1000 lines, 8 appenders", value: ndjson(1_000), appenders: 8 },
  { name: "bodies of 1000 lines, 32 appenders", value: ndjson(1_000), appenders: 32 },
  { name: "single lines, 1 appender", value: ndjson(1), appenders: 1 },
  { name: "single lines, 64 appenders", value: ndjson(1), appenders: 64 },
  { name: "single lines, 512 appenders", value: ndjson(1), appenders: 512 },
];

/** One sink for a load: takes a record and resolves when it is synced. */
interface Sink {
  append(value: Buffer): Promise<unknown>;
  close(): Promise<void>;
}

async function logSink(dir: string): Promise<Sink> {
  const log = await openEmbeddedLog({ dir });
  const position = { topic: "readings" };
  return {
    append: (value) =>
      log.append(position, [{ value, timestampMs: Date.now(), headers: { device: "M0001" } }]),
    close: () => log.close(),
  };
}

async function plainSink(dir: string): Promise<Sink> {
  const file = await open(join(dir, "plain"), "wx");
  let waiting: { value: Buffer; resolve: () => void }[] = [];
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      await immediate();
      const batch = waiting;
      waiting = [];
      await file.writev(batch.map(({ value }) => value));
      await file.datasync();
      for (const { resolve } of batch) resolve();
    }
    running = undefined;
  };
  return {
    append: (value) =>
      new Promise<void>((resolve) => {
        waiting.push({ value, resolve });
        running ??= run();
      }),
    close: async () => {
      await running;
      await file.close();
    },
  };
}

interface Result {
  recordsPerSecond: number;
  megabytesPerSecond: number;
  cpuMsPerRecord: number;
}

async function measure(load: Load, openSink: (dir: string) => Promise<Sink>): Promise<Result> {
  const dir = await mkdtemp(join(args.dir, "gridlake-bench-"));
  const sink = await openSink(dir);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const end = start + durationMs;
  let records = 0;
  const appender = async (): Promise<void> => {
    while (performance.now() < end) {
      await sink.append(load.value);
      records += 1;
    }
  };
  await Promise.all(Array.from({ length: load.appenders }, appender));
  const seconds = (performance.now() - start) / 1_000;
  const used = process.cpuUsage(cpu);
  await sink.close();
  await rm(dir, { recursive: true });
  return {
    recordsPerSecond: records / seconds,
    megabytesPerSecond: (records * load.value.length) / seconds / 1e6,
    cpuMsPerRecord: (used.user + used.system) / 1_000 / records,
  };
}

async function measureRead(): Promise<number> {
  const dir = await mkdtemp(join(args.dir, "gridlake-bench-"));
  const log = await openEmbeddedLog({ dir });
  const position = { topic: "readings" };
  const value = ndjson(1_000);
  for (let at = 0; at < 50; at += 1) {
    await log.append(
      position,
      Array.from({ length: 20 }, () => ({ value, timestampMs: 0 })),
    );
  }
  const start = performance.now();
  let after = -1;
  let bytes = 0;
  while (await log.waitFor(position, { after, timeoutMs: 0 })) {
    for (const record of await log.read(position, { after, maxRecords: 1_000, maxBytes: 4_000_000 })) {
      after = record.offset;
      bytes += record.value.byteLength;
    }
  }
  const seconds = (performance.now() - start) / 1_000;
  await log.close();
  await rm(dir, { recursive: true });
  return bytes / seconds / 1e6;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}

console.log(
  "| load | log: MB/s | records/s | CPU ms/record | plain: MB/s | records/s | CPU ms/record | ratio |",
);
console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
for (const load of LOADS) {
  const ours: Result[] = [];
  const plain: Result[] = [];
  for (let round = 0; round < rounds; round += 1) {
    plain.push(await measure(load, plainSink));
    ours.push(await measure(load, logSink));
  }
  const of = (results: Result[], key: keyof Result): number => median(results.map((result) => result[key]));
  const cells = [ours, plain].flatMap((results) => [
    of(results, "megabytesPerSecond").toFixed(1),
    of(results, "recordsPerSecond").toFixed(0),
    of(results, "cpuMsPerRecord").toFixed(3),
  ]);
  const ratio = of(ours, "recordsPerSecond") / of(plain, "recordsPerSecond");
  console.log(`| ${[load.name, ...cells, ratio.toFixed(2)].join(" | ")} |`);
}
console.log(`\nread back, bodies of 1000 lines, 4 MB a call: ${(await measureRead()).toFixed(0)} MB/s`);
