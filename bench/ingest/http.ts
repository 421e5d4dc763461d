// How many readings a second are acknowledged over HTTP, each on disk before its answer, by a whole platform: through its
// gateway, with its pipeline at work behind? Beside it the device port alone, without gateway and pipeline, and what a
// plain file could sync of the same bytes. Server and client are two processes of one machine; all turns are in one run.
//
//   node bench/ingest/http.ts [--seconds 5] [--rounds 3] [--dir DIR]
//
// plain: one writer, write + fdatasync after each body (a body of 1000 readings), or after each turn's worth of as
// many single readings as there are connections, which is the most that a group commit can share.
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { platformReceiver } from "./platform-receiver.ts";
import { portReceiver } from "./port-receiver.ts";
import { bodies, jsonLine, readings } from "./readings.ts";
import { medians, type Shape, type TurnResult, Turns } from "./turn.ts";

const { values: args } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    rounds: { type: "string", default: "3" },
    dir: { type: "string", default: tmpdir() },
  },
});
const seconds = Number(args.seconds);
const rounds = Number(args.rounds);

const SHAPES: Shape[] = [
  { name: "bodies of 1000, 4 connections", size: 1_000, connections: 4, prepared: 1_000_000 },
  { name: "bodies of 1000, 16 connections", size: 1_000, connections: 16, prepared: 1_000_000 },
  { name: "single readings, 64 connections", size: 1, connections: 64, prepared: 100_000 },
  { name: "single readings, 256 connections", size: 1, connections: 256, prepared: 100_000 },
];
// compiled code and warm connections, not the first second, are what a day is made of
const WARM_UP: Shape[] = [
  { name: "warm-up", size: 1_000, connections: 4, prepared: 200_000 },
  { name: "warm-up", size: 1, connections: 64, prepared: 20_000 },
];

/** @returns readings a second */
async function plain(shape: Shape, dir: string): Promise<number> {
  const path = join(dir, "plain");
  const file = await open(path, "wx");
  const sharing = shape.size === 1 ? shape.connections : 1;
  const made = bodies(readings({ count: 100_000, firstMinute: 0 }), shape.size * sharing, jsonLine);
  const startedAt = performance.now();
  let written = 0;
  while (performance.now() - startedAt < seconds * 1_000) {
    await file.write(made[written % made.length] as Buffer);
    await file.datasync();
    written += 1;
  }
  const elapsed = (performance.now() - startedAt) / 1_000;
  await file.close();
  await rm(path);
  return (written * shape.size * sharing) / elapsed;
}

function row(shape: Shape, { whole, port, files }: { whole: TurnResult; port: TurnResult; files: number[] }) {
  const file = files.toSorted((a, b) => a - b)[Math.floor(files.length / 2)] as number;
  const cells = [
    shape.name,
    whole.readingsPerSecond.toFixed(0),
    whole.p50Ms.toFixed(1),
    whole.p99Ms.toFixed(1),
    whole.postponed.toFixed(0),
    whole.settledPerSecond.toFixed(0),
    `${whole.cpuMicros.toFixed(2)}, ${whole.settledCpuMicros.toFixed(2)}`,
    port.readingsPerSecond.toFixed(0),
    port.cpuMicros.toFixed(2),
    `${(100 * (1 - port.cpuMicros / whole.settledCpuMicros)).toFixed(0)} %`,
    file.toFixed(0),
    (whole.readingsPerSecond / file).toFixed(2),
  ];
  return `| ${cells.join(" | ")} |`;
}

const dir = await mkdtemp(join(args.dir, "gridlake-bench-"));
const stops: (() => Promise<void>)[] = [];
try {
  const platform = new Turns(await platformReceiver(join(dir, "platform")));
  stops.push(platform.receiver.stop);
  const alone = new Turns(await portReceiver(join(dir, "port")));
  stops.push(alone.receiver.stop);
  for (const shape of WARM_UP) {
    await platform.run(shape, seconds);
    await alone.run(shape, seconds);
  }
  console.log(
    "| load | readings/s | p50 ms | p99 ms | 503s | worked off/s | CPU µs/reading: answered, worked off | port alone/s | CPU µs | share of gateway and pipeline | plain file/s | ratio |",
  );
  console.log(`| ${Array.from({ length: 12 }, () => "---").join(" | ")} |`);
  for (const shape of SHAPES) {
    const whole: TurnResult[] = [];
    const port: TurnResult[] = [];
    const files: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      files.push(await plain(shape, dir));
      port.push(await alone.run(shape, seconds));
      whole.push(await platform.run(shape, seconds));
    }
    console.log(row(shape, { whole: medians(whole), port: medians(port), files }));
  }
} finally {
  for (const stop of stops) await stop();
  await rm(dir, { recursive: true, force: true });
}
