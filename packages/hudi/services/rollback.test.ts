import { appendFile, mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ManualClock, MINUTE_MS } from "@gridlake/kernel";
import { beforeEach, describe, expect, it } from "vitest";
import { requestedReplace } from "../avro/requested-replace.ts";
import { BLOCK_HEADER, BLOCK_TYPE, isRollback, logBlock } from "../log-file/log-block.ts";
import { DeleteContent } from "../log-file/delete-block.ts";
import { logOfBytes } from "../log-file/log-source.ts";
import { scanLog } from "../log-file/scan.ts";
import { LocalStorage } from "../storage/local/storage.ts";
import { openTable } from "../table/create-table.ts";
import type { HudiTable } from "../table/table.ts";
import type { TableDefinition } from "../table/table-config.ts";
import { Crash, CrashingStorage } from "../testing/crashing-storage.ts";
import { useFixture } from "../testing/fixture.ts";
import { type MeterRow, meterSql, meterTable } from "../testing/meter-table.ts";

const fixture = useFixture();
/** Later than what the tests write, and earlier than what they write once the clock has passed it. */
const DEAD = "20260101000001000";

let path = "";
let clock: ManualClock;
let table: HudiTable;

const row = (device: string, energy_wh: number, day = "d1"): MeterRow => ({ device, seq: 1, day, energy_wh });
async function create(shape: Partial<TableDefinition>): Promise<void> {
  path = fixture.path();
  clock = new ManualClock(Date.UTC(2026, 0, 1));
  table = await meterTable(new LocalStorage(), path, { ...shape, clock });
}
const upsert = (rows: MeterRow[], into = table) => {
  clock.advance(1);
  return into.commit({
    connection: fixture.connection,
    operation: "upsert",
    upserts: { sql: meterSql(rows) },
  });
};
const rows = async () =>
  (await fixture.rows(`SELECT * FROM ${await table.snapshotSql()}`))
    .map(({ device, energy_wh, day }) => `${device} ${energy_wh} ${day}`)
    .sort();
const names = async (pattern: RegExp) =>
  (await readdir(path, { recursive: true })).filter((name) => pattern.test(name)).sort();
async function put(name: string, body: string | Buffer = ""): Promise<void> {
  await mkdir(dirname(`${path}/${name}`), { recursive: true });
  await writeFile(`${path}/${name}`, body);
}
const timelineOf = (version: number) => (version === 6 ? ".hoodie" : ".hoodie/timeline");

async function blocks(name: string) {
  const found = [];
  for await (const part of scanLog(logOfBytes(name, await readFile(`${path}/${name}`)))) {
    if (part.kind === "block") found.push(part);
  }
  return found;
}

describe("log files of another engine in table version 6", () => {
  let log = "";

  /** A delta commit of an engine that appends died: a delete of the row "a" stands behind what others wrote. */
  async function append(marker: string | null): Promise<void> {
    const deletes = new DeleteContent();
    deletes.add({ key: "device:a,seq:1", partition: "d1", ordering: null });
    const headers = new Map([[BLOCK_HEADER.instantTime as number, DEAD]]);
    await appendFile(`${path}/${log}`, logBlock(BLOCK_TYPE.delete, headers, deletes.finish()));
    await put(`.hoodie/${DEAD}.deltacommit.requested`);
    const fileId = log.slice(log.indexOf("/.") + 2, log.indexOf("_"));
    const stats = { d1: [{ fileId, prevCommit: log.slice(log.indexOf("_") + 1, log.indexOf(".log")) }] };
    await put(`.hoodie/${DEAD}.deltacommit.inflight`, JSON.stringify({ partitionToWriteStats: stats }));
    if (marker !== null) await put(marker, `${log}.marker.APPEND\n`);
    clock.advance(2_000);
  }

  beforeEach(async () => {
    await create({ type: "MERGE_ON_READ", version: 6 });
    await upsert([row("a", 1), row("b", 1)]);
    await upsert([row("a", 2)]);
    [log = ""] = await names(/\.log\./);
  });

  it.for([`.hoodie/.temp/${DEAD}/LOG.marker.APPEND`, `.hoodie/.temp/${DEAD}/MARKERS0`, null])(
    "a block behind it takes back what was appended, by %s",
    async (marker) => {
      await append(marker?.replace("LOG", log) ?? null);
      await upsert([row("b", 2)]);
      const [first, ...later] = (await names(/\.log\./)).filter((name) => !name.startsWith(".hoodie"));
      expect(first).toBe(log);
      const commands = (await Promise.all(later.map(blocks))).flat().filter(isRollback);
      expect(commands.map(({ headers }) => headers.get(BLOCK_HEADER.targetInstantTime))).toEqual([DEAD]);
      expect(await names(new RegExp(DEAD))).toEqual([]);
      expect(await rows()).toEqual(["a 2 d1", "b 2 d1"]);
      // even when the timeline begins later, so that nothing but the block tells that it was not committed
      for (const energy of [3, 4, 5]) await upsert([row("b", energy)]);
      await table.archive({ minInstants: 1, maxInstants: 1 });
      table = await openTable(new LocalStorage(), path, { clock });
      expect(await rows()).toEqual(["a 2 d1", "b 5 d1"]);
    },
  );

  it("a log file of the dead writer alone goes, torn as it may be", async () => {
    const own = log.replace(/\.log\.1_.*/, ".log.2_7-8-9");
    await put(own, (await readFile(`${path}/${log}`)).subarray(0, 40));
    await put(`.hoodie/${DEAD}.deltacommit.requested`);
    await put(`.hoodie/${DEAD}.deltacommit.inflight`);
    await put(`.hoodie/.temp/${DEAD}/${own}.marker.APPEND`);
    clock.advance(2_000);
    await upsert([row("b", 2)]);
    expect(await names(/log\.2_7-8-9/)).toEqual([]);
    expect(await rows()).toEqual(["a 2 d1", "b 2 d1"]);
  });
});

describe.for([6, 9] as const)("table version %i", (version) => {
  const folder = timelineOf(version);

  it("rolls back the unfinished writes of other engines, unless their heartbeat is young", async () => {
    await create({ type: "COPY_ON_WRITE", version });
    await upsert([row("a", 1)]);
    const inflight = `${folder}/${DEAD}.inflight`;
    await put(`${folder}/${DEAD}.commit.requested`);
    await put(inflight);
    await put(`.hoodie/.heartbeat/${DEAD}`);
    const beat = async () => {
      const at = new Date(clock.nowMs());
      await utimes(`${path}/.hoodie/.heartbeat/${DEAD}`, at, at);
    };
    await beat();
    clock.advance(MINUTE_MS);
    await upsert([row("a", 2)]);
    expect(await names(new RegExp(`${DEAD}\\..*requested`))).toHaveLength(1);
    clock.advance(MINUTE_MS);
    await upsert([row("a", 3)]);
    expect(await names(new RegExp(DEAD))).toEqual([]);
    expect(await rows()).toEqual(["a 3 d1"]);
  });

  it("leaves a compaction's plan, and takes the files of one that died", async () => {
    await create({ type: "MERGE_ON_READ", version });
    await upsert([row("a", 1)]);
    await upsert([row("a", 2)]);
    const plan = (await table.scheduleCompaction({})).instant ?? "";
    const plans = () => names(new RegExp(`${plan}.compaction.requested`));
    await upsert([row("a", 3)]);
    expect(await plans()).toHaveLength(1);
    const died = new Set<number>();
    for (let at = 0; ; at += 1) {
      const dying = new CrashingStorage(new LocalStorage(), { at, after: false });
      const doomed = await openTable(dying, path, { clock });
      const failed = await doomed
        .compact({ connection: fixture.connection, schedule: null })
        .catch((error) => error);
      if (!dying.crashed) break;
      expect(failed).toBeInstanceOf(Crash);
      clock.advance(MINUTE_MS);
      const isDone = (await names(new RegExp(`${plan}(_\\d+)?\\.commit$`))).length > 0;
      await upsert([row("a", 10 + at)]);
      expect(await rows()).toEqual([`a ${10 + at} d1`]);
      if (isDone) continue;
      died.add(at);
      expect(await plans()).toHaveLength(1);
      expect(await names(new RegExp(`${plan}.compaction.inflight|_${plan}.parquet`))).toEqual([]);
    }
    expect(died.size).toBeGreaterThan(3);
    expect(await names(new RegExp(`_${plan}.parquet$`))).toHaveLength(1);
  });

  it("leaves nothing of a clustering that died", async () => {
    await create({ type: "COPY_ON_WRITE", version });
    for (const [at, device] of ["a", "b", "c"].entries()) {
      clock.advance(1);
      const upserts = { sql: meterSql([row(device, at)]) };
      await table.commit({ connection: fixture.connection, operation: "bulk_insert", upserts });
    }
    const before = await rows();
    for (let at = 0; ; at += 1) {
      const dying = new CrashingStorage(new LocalStorage(), { at, after: true });
      const doomed = await openTable(dying, path, { clock });
      await doomed.cluster({ connection: fixture.connection }).catch(() => {});
      const isDone = (await names(/\d\.replacecommit$/)).length > 0;
      if (!dying.crashed || isDone) break;
      clock.advance(MINUTE_MS);
      await upsert([]);
      expect(await names(/clustering|replacecommit/)).toEqual([]);
      expect((await names(/\.parquet$/)).length).toBe(3);
      expect(await rows()).toEqual(before);
    }
    expect(await rows()).toEqual(before);
  });

  it("lets no write into a file group that another engine's clustering is about to replace", async () => {
    await create({ type: "COPY_ON_WRITE", version });
    await upsert([row("a", 1), row("b", 1, "d2")]);
    const [name = ""] = await names(/^d1\/.*\.parquet$/);
    const slice = {
      dataFilePath: `${path}/${name}`,
      deltaFilePaths: [],
      fileId: name.slice("d1/".length, name.indexOf("_")),
      partitionPath: "d1",
    };
    const plan = await requestedReplace.encode({
      operationType: "CLUSTER",
      clusteringPlan: { inputGroups: [{ slices: [slice], numOutputFileGroups: 1 }] },
    });
    const action = version === 6 ? "replacecommit" : "clustering";
    await put(`${folder}/${DEAD}.${action}.requested`, plan);
    clock.advance(2_000);
    await expect(upsert([row("a", 2)])).rejects.toMatchObject({
      code: "HUDI_PENDING_ACTION",
      retry: "later",
    });
    await upsert([row("b", 2, "d2"), row("c", 1)]);
    expect(await rows()).toEqual(["a 1 d1", "b 2 d2", "c 1 d1"]);
    expect(await names(/^d1\/.*\.parquet$/)).toHaveLength(2);
  });
});
