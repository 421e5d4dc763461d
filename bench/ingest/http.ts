// How many readings a second are acknowledged over HTTP, each on disk before its answer, beside what a plain file could
// sync of the same bytes? Server and client are two processes of one machine; both turns are in one run.
//
//   node bench/ingest/http.ts [--seconds 5] [--rounds 3] [--dir DIR]
//
// plain: one writer, write + fdatasync after each body (a body of 1000 readings), or after each turn's worth of as
// many single readings as there are connections, which is the most that a group commit can share.
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Answers, load, requestOf } from "./client.ts";
import { bodies, readingLines } from "./readings.ts";
import type { ServerMessage } from "./server.ts";

const { values: args } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    rounds: { type: "string", default: "3" },
    dir: { type: "string", default: tmpdir() },
  },
});
const durationMs = Number(args.seconds) * 1_000;
const rounds = Number(args.rounds);

interface Shape {
  name: string;
  /** Readings a body. */
  size: number;
  connections: number;
  /** Readings made beforehand; they are sent over and over. */
  prepared: number;
}

const SHAPES: Shape[] = [
  { name: "bodies of 1000, 4 connections", size: 1_000, connections: 4, prepared: 100_000 },
  { name: "bodies of 1000, 16 connections", size: 1_000, connections: 16, prepared: 100_000 },
  { name: "single readings, 64 connections", size: 1, connections: 64, prepared: 20_000 },
  { name: "single readings, 256 connections", size: 1, connections: 256, prepared: 20_000 },
];

interface Result {
  readingsPerSecond: number;
  /** Of the server, in microseconds a reading; 0 for the plain file. */
  cpuMicrosPerReading: number;
  p50Ms: number;
  p99Ms: number;
}

async function overHttp(shape: Shape): Promise<Result> {
  const dir = await mkdtemp(join(args.dir, "gridlake-bench-"));
  const server = fork(new URL("server.ts", import.meta.url), [dir]);
  try {
    const { port } = await told(server, "port");
    const requests = bodies(readingLines(shape.prepared), shape.size).map((body) =>
      requestOf({ port, path: "/ingest/readings", token: "bench" }, body),
    );
    let at = 0;
    const next = () => requests[(at += 1) % requests.length] as Buffer;
    const turn = (ms: number) =>
      load(port, { connections: shape.connections, untilMs: performance.now() + ms, next });
    // compiled code and warm connections, not the first second, are what a day is made of
    await turn(1_000);
    const before = await costs(server);
    const startedAt = performance.now();
    const answers = await turn(durationMs);
    const seconds = (performance.now() - startedAt) / 1_000;
    const readings = answers.acknowledged * shape.size;
    const spent = (await costs(server)).cpuMicros - before.cpuMicros;
    assertAcknowledged(answers);
    const latencies = answers.latenciesMs.toSorted((a, b) => a - b);
    const quantile = (q: number) => latencies[Math.floor((latencies.length - 1) * q)] as number;
    return {
      readingsPerSecond: readings / seconds,
      cpuMicrosPerReading: spent / readings,
      p50Ms: quantile(0.5),
      p99Ms: quantile(0.99),
    };
  } finally {
    server.send("stop");
    await once(server, "exit");
    await rm(dir, { recursive: true });
  }
}

/** A measure over refusals would be one of how fast the service says no. */
function assertAcknowledged(answers: Answers): void {
  if (answers.refused.size === 0 && answers.acknowledged > 0) return;
  throw new Error(`refused: ${JSON.stringify([...answers.refused])}`);
}

async function plain(shape: Shape): Promise<Result> {
  const dir = await mkdtemp(join(args.dir, "gridlake-bench-"));
  const file = await open(join(dir, "plain"), "wx");
  const sharing = shape.size === 1 ? shape.connections : 1;
  const made = bodies(readingLines(shape.prepared), shape.size * sharing);
  const latencies: number[] = [];
  const startedAt = performance.now();
  for (let at = 0; performance.now() - startedAt < durationMs; at += 1) {
    const begunAt = performance.now();
    await file.write(made[at % made.length] as Buffer);
    await file.datasync();
    latencies.push(performance.now() - begunAt);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  await file.close();
  await rm(dir, { recursive: true });
  const readings = latencies.length * shape.size * sharing;
  latencies.sort((a, b) => a - b);
  const quantile = (q: number) => latencies[Math.floor((latencies.length - 1) * q)] as number;
  return {
    readingsPerSecond: readings / seconds,
    cpuMicrosPerReading: 0,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  };
}

async function told<K extends "port" | "cpuMicros">(
  server: ChildProcess,
  key: K,
): Promise<Extract<ServerMessage, Record<K, number>>> {
  const [message] = (await once(server, "message")) as [ServerMessage];
  if (!(key in message)) throw new Error(`the server says ${JSON.stringify(message)}`);
  return message as Extract<ServerMessage, Record<K, number>>;
}

async function costs(server: ChildProcess): Promise<{ cpuMicros: number; rssBytes: number }> {
  server.send("costs");
  return told(server, "cpuMicros");
}

function median(results: readonly Result[], key: keyof Result): number {
  const sorted = results.map((result) => result[key]).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

console.log(
  "| load | readings/s | p50 ms | p99 ms | server CPU µs/reading | plain file readings/s | ratio |",
);
console.log("| --- | --- | --- | --- | --- | --- | --- |");
for (const shape of SHAPES) {
  const ours: Result[] = [];
  const files: Result[] = [];
  for (let round = 0; round < rounds; round += 1) {
    files.push(await plain(shape));
    ours.push(await overHttp(shape));
  }
  const rate = median(ours, "readingsPerSecond");
  const fileRate = median(files, "readingsPerSecond");
  const cells = [
    shape.name,
    rate.toFixed(0),
    median(ours, "p50Ms").toFixed(1),
    median(ours, "p99Ms").toFixed(1),
    median(ours, "cpuMicrosPerReading").toFixed(2),
    fileRate.toFixed(0),
    (rate / fileRate).toFixed(2),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
