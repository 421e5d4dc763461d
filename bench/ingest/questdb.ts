// Readings that are acknowledged over HTTP, each on disk before its answer: our platform (through its gateway, its
// pipeline at work behind) beside QuestDB 9.1.0 with synced commits and one row for each device and moment. The same
// 10,000 devices, readings of four values, bodies, connections and client; the two in turns, in one run.
//
//   node bench/ingest/questdb.ts [--seconds 5] [--rounds 3] [--connections 4] [--size 1000] [--dir DIR]
//
// Needs Java 17 and Maven, which fetches QuestDB from Maven Central.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { GridlakeError } from "@gridlake/kernel";
import { platformReceiver } from "./platform-receiver.ts";
import { questDbReceiver } from "./questdb/receiver.ts";
import { medians, type Shape, type TurnResult, Turns } from "./turn.ts";

const { values: args } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    rounds: { type: "string", default: "3" },
    connections: { type: "string", default: "4" },
    size: { type: "string", default: "1000" },
    dir: { type: "string", default: tmpdir() },
  },
});
const seconds = Number(args.seconds);
const size = Number(args.size);
/** More than either takes in a second, so that a turn ends by the clock. */
const MOST_BODIES_PER_SECOND = size === 1 ? 25_000 : 400;
const shape: Shape = {
  name: `bodies of ${size}, ${args.connections} connections`,
  size,
  connections: Number(args.connections),
  prepared: MOST_BODIES_PER_SECOND * seconds * size,
};

const COLUMNS: { key: keyof TurnResult; head: string; digits: number }[] = [
  { key: "readingsPerSecond", head: "readings/s", digits: 0 },
  { key: "p50Ms", head: "p50 ms", digits: 1 },
  { key: "p99Ms", head: "p99 ms", digits: 1 },
  { key: "postponed", head: "503s", digits: 0 },
  // microseconds a reading are seconds a million
  { key: "cpuMicros", head: "CPU s/million", digits: 2 },
  { key: "settledPerSecond", head: "worked off/s", digits: 0 },
  { key: "settledCpuMicros", head: "CPU s/million", digits: 2 },
];

function row(name: string, cells: readonly string[]): string {
  return `| ${[name, ...cells].join(" | ")} |`;
}

function figures(result: TurnResult): string[] {
  return COLUMNS.map(({ key, digits }) => result[key].toFixed(digits));
}

/** Ours by theirs; of what neither had there is none. */
function ratios(ours: TurnResult, theirs: TurnResult): string[] {
  return COLUMNS.map(({ key }) => (theirs[key] === 0 ? "" : (ours[key] / theirs[key]).toFixed(2)));
}

const dir = await mkdtemp(join(args.dir, "gridlake-bench-"));
const stops: (() => Promise<void>)[] = [];
try {
  await mkdir(join(dir, "questdb"));
  const peer = new Turns(await questDbReceiver(join(dir, "questdb")));
  stops.push(peer.receiver.stop);
  const platform = new Turns(await platformReceiver(join(dir, "platform")));
  stops.push(platform.receiver.stop);
  // both compile while they run: the first turns count for neither
  for (const turns of [peer, platform])
    await turns.run({ ...shape, prepared: shape.prepared / 2 }, seconds / 2);
  const theirs: TurnResult[] = [];
  const ours: TurnResult[] = [];
  for (let round = 0; round < Number(args.rounds); round += 1) {
    theirs.push(await peer.run(shape, seconds));
    ours.push(await platform.run(shape, seconds));
  }
  const [peerMedian, ourMedian] = [medians(theirs), medians(ours)];
  console.log(`${shape.name}, ${args.rounds} turns of ${seconds} s each\n`);
  console.log(
    row(
      "",
      COLUMNS.map(({ head }) => head),
    ),
  );
  console.log(
    row(
      "---",
      COLUMNS.map(() => "---"),
    ),
  );
  console.log(row("QuestDB 9.1.0", figures(peerMedian)));
  console.log(row("Gridlake", figures(ourMedian)));
  console.log(row("ratio", ratios(ourMedian, peerMedian)));
} catch (error) {
  if (!(error instanceof GridlakeError)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.remedy ?? ""}`);
  process.exitCode = 1;
} finally {
  for (const stop of stops) await stop();
  await rm(dir, { recursive: true, force: true });
}
