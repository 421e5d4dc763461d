import * as fc from "fast-check";
import { afterAll, beforeAll, describe, it } from "vitest";
import { useFixture } from "../../testing/fixture.ts";
import { History, stepOf } from "../../testing/history.ts";
import { OPERATIONS } from "../../testing/history-operations.ts";
import type { TableType, TableVersion } from "../../table/table-config.ts";
import { FakeHdfs, type Fault } from "./fake-hdfs.fixture.ts";
import { HdfsStorage } from "./storage.ts";

/** Histories tried of each kind of table; see `table/history.test.ts`. */
const HISTORIES = Number(process.env["GRIDLAKE_HUDI_HISTORIES"] ?? 2);
const SEED = Number(process.env["GRIDLAKE_HUDI_SEED"] ?? 20_260_101);
const MS_PER_HISTORY = 60_000;
/** Of so many calls one goes wrong. */
const CALLS_PER_FAULT = 40;
const FAULTS: readonly Fault[] = [
  { kind: "do, then break" },
  { kind: "break" },
  { kind: "half" },
  { kind: "refuse", exception: "RetriableException" },
  { kind: "refuse", exception: "SocketException", message: "Connection reset" },
  { kind: "do, then refuse", exception: "SocketException", message: "Connection reset" },
];

const KINDS: { type: TableType; version: TableVersion }[] = [
  { type: "COPY_ON_WRITE", version: 6 },
  { type: "MERGE_ON_READ", version: 9 },
];

const fixture = useFixture();
let hdfs: FakeHdfs;

beforeAll(async () => {
  hdfs = await FakeHdfs.start();
});
afterAll(() => hdfs.stop());

/** Numbers that look random and are the same at each run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state >> 8;
  };
}

/** Breaks calls now and then, on both servers, in each way. */
function unreliable(seed: number): () => Fault | undefined {
  const next = numbers(seed);
  return () => (next() % CALLS_PER_FAULT === 0 ? FAULTS[next() % FAULTS.length] : undefined);
}

describe.each(KINDS)("a table on an HDFS whose answers get lost: $type of version $version", (kind) => {
  it(
    "equals the oracle after every step, whoever dies where",
    async () => {
      const shape = { ...kind, index: { kind: "simple" as const }, ordered: false, partitioned: true };
      const steps = fc.array(stepOf(OPERATIONS, shape), { minLength: 4, maxLength: 8 });
      let paths = 0;
      await fc.assert(
        fc.asyncProperty(steps, fc.nat(), async (all, seed) => {
          const storage = new HdfsStorage({
            namenodes: [hdfs.url],
            uri: "hdfs://namenode.test:9000",
            user: "gridlake",
            hosts: { "namenode.test": "127.0.0.1", "datanode.test": "127.0.0.1" },
            cache: { directory: fixture.path() },
          });
          paths += 1;
          const path = `/lake/t${paths}`;
          const names = async () =>
            [...hdfs.files.keys()].flatMap((name) =>
              name.startsWith(`${path}/`) ? [name.slice(path.length + 1)] : [],
            );
          hdfs.faults = unreliable(seed);
          const one = new History(fixture, shape, OPERATIONS, { storage, path, names });
          await one.create();
          for (const step of all) {
            await one.run(step);
            await one.check({ all: false });
          }
          await one.check({ all: true });
          await one.checkTidy();
          await storage.close();
          hdfs.files.clear();
        }),
        { numRuns: HISTORIES, seed: SEED },
      );
    },
    HISTORIES * MS_PER_HISTORY,
  );
});
