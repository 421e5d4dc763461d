import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { ManualClock } from "@gridlake/kernel";
import { beforeEach, describe, expect, it } from "vitest";
import { parseLogFileName } from "../file-group/file-name.ts";
import { readDeletes } from "../log-file/delete-block.ts";
import { BLOCK_HEADER, BLOCK_TYPE } from "../log-file/log-block.ts";
import { logOfBytes } from "../log-file/log-source.ts";
import { scanLog } from "../log-file/scan.ts";
import { LocalStorage } from "../storage/local/storage.ts";
import { openTable } from "../table/create-table.ts";
import type { HudiTable } from "../table/table.ts";
import type { TableDefinition, TableVersion } from "../table/table-config.ts";
import { useFixture } from "../testing/fixture.ts";
import { type MeterRow, meterSql, meterTable } from "../testing/meter-table.ts";

const VERSIONS: TableVersion[] = [6, 8, 9];
const BUCKETS = { kind: "bucket", buckets: 4, fields: ["device", "seq"] } as const;

const fixture = useFixture();
const storage = new LocalStorage();
let path = "";
let clock: ManualClock;
let table: HudiTable;

const row = (seq: number, energy_wh: number, day = "d1"): MeterRow => ({ device: "a", seq, day, energy_wh });

async function create(shape: Partial<TableDefinition> = {}): Promise<void> {
  path = fixture.path();
  clock = new ManualClock(Date.UTC(2026, 0, 1));
  table = await meterTable(storage, path, { type: "MERGE_ON_READ", ...shape, clock });
}
const commit = (upserts: MeterRow[], deletes: MeterRow[] = []) => {
  clock.advance(1);
  return table.commit({
    connection: fixture.connection,
    operation: "upsert",
    upserts: { sql: meterSql(upserts) },
    deletes: { sql: `SELECT device, seq, day FROM (${meterSql(deletes)})` },
  });
};
const held = async () =>
  (await fixture.rows(`SELECT * FROM ${await (await openTable(storage, path, { clock })).snapshotSql()}`))
    .map(({ seq, day, energy_wh }) => `${day} ${seq} ${energy_wh}`)
    .sort();
const names = async (pattern: RegExp) =>
  (await readdir(path, { recursive: true })).filter((name) => pattern.test(name)).sort();
const LOG = /\.log\.\d+_/;
const BASE = /\.parquet$/;
const statsOf = async (instant: string) => {
  const entry = (await table.timeline()).find(({ timestamp }) => timestamp === instant);
  return Object.values((await entry?.metadata())?.partitionToWriteStats ?? {}).flat();
};

async function blocksOf(name: string) {
  const log = logOfBytes(name, await readFile(`${path}/${name}`));
  const blocks = [];
  for await (const part of scanLog(log)) {
    if (part.kind !== "block") throw new Error(`${name} is corrupt`);
    const content = await log.read(part.contentAt, part.contentLength);
    const deletes =
      part.type === BLOCK_TYPE.delete ? [...readDeletes(content, { file: name, offset: part.at })] : [];
    blocks.push({ type: part.type, instant: part.headers.get(BLOCK_HEADER.instantTime), deletes });
  }
  return blocks;
}

describe.each(VERSIONS)("a delta commit in table version %i", (version) => {
  beforeEach(() => create({ version }));

  it("puts changes of a file group into one log file, and new rows into base files", async () => {
    const first = await commit([row(1, 10), row(2, 20), row(3, 30), row(1, 10, "d2")]);
    const bases = await names(BASE);
    expect(bases).toHaveLength(2);
    const second = await commit([row(1, 11), row(1, 12, "d2")], [row(2, 0)]);
    expect(second.stats).toMatchObject({ inserts: 0, updates: 2, deletes: 1, unlocated: 0, files: 2 });
    expect(await names(BASE)).toEqual(bases);
    const logs = await names(LOG);
    expect(logs).toHaveLength(2);
    const parsed = parseLogFileName(logs[0]?.slice(3) ?? "");
    expect(parsed).toMatchObject({ version: 1, instant: version === 6 ? first.instant : second.instant });
    expect(bases[0]).toContain(parsed?.fileId);
    // new rows beside a log file: a base file of their own
    const third = await commit([row(4, 40)]);
    expect(third.stats).toMatchObject({ inserts: 1, files: 1 });
    expect(await names(BASE)).toHaveLength(3);
    expect(await held()).toEqual(["d1 1 11", "d1 3 30", "d1 4 40", "d2 1 12"]);
  });

  it("writes a Parquet block, then the deletes, under its own instant", async () => {
    await commit([row(1, 10), row(2, 20)]);
    const { instant } = await commit([row(1, 11)], [row(2, 0), row(9, 0)]);
    const [log = ""] = await names(LOG);
    expect(await blocksOf(log)).toEqual([
      { type: BLOCK_TYPE.parquetData, instant, deletes: [] },
      {
        type: BLOCK_TYPE.delete,
        instant,
        deletes: [{ key: "device:a,seq:2", partition: "d1", ordering: null }],
      },
    ]);
  });

  it("says in its metadata what Hudi's delta commits say", async () => {
    const first = await commit([row(1, 10), row(2, 20)]);
    const { instant } = await commit([row(1, 11)], [row(2, 0)]);
    const [log = ""] = await names(LOG);
    const [base = ""] = await names(BASE);
    expect(await statsOf(instant)).toMatchObject([
      {
        path: log,
        partitionPath: "d1",
        prevCommit: version === 6 ? first.instant : instant,
        baseFile: version === 6 ? base.slice(3) : "",
        logFiles: [log.slice(3)],
        logVersion: 1,
        logOffset: 0,
        numWrites: 1,
        numUpdateWrites: 1,
        numInserts: 0,
        numDeletes: 1,
        fileSizeInBytes: (await readFile(`${path}/${log}`)).length,
      },
    ]);
  });

  it("counts its log files on, and never makes two of one name", async () => {
    await commit([row(1, 10)]);
    for (const energy of [11, 12, 13]) await commit([row(1, energy)]);
    const logs = await names(LOG);
    expect(new Set(logs).size).toBe(3);
    const versions = logs.map((name) => parseLogFileName(name.slice(3))?.version);
    expect(versions.sort()).toEqual(version === 6 ? [1, 2, 3] : [1, 1, 1]);
    expect(await held()).toEqual(["d1 1 13"]);
  });

  it("takes new rows and changes together into a small base file that has no log file", async () => {
    await commit([row(1, 10), row(2, 20)]);
    const { stats } = await commit([row(1, 11), row(3, 30)], [row(2, 0)]);
    expect(stats).toMatchObject({ inserts: 1, updates: 1, deletes: 1, files: 1 });
    expect(await names(LOG)).toEqual([]);
    expect(await held()).toEqual(["d1 1 11", "d1 3 30"]);
  });

  it("drops what loses to the stored row, and leaves no file for it", async () => {
    await create({ version, ordering: "energy_wh" });
    await commit([row(1, 10)]);
    expect((await commit([row(1, 9)])).stats).toMatchObject({ updates: 0, files: 0 });
    await commit([row(1, 12)]);
    // only the merge can know of this one
    expect((await commit([row(1, 11)])).stats).toMatchObject({ updates: 1, files: 1 });
    expect(await held()).toEqual(["d1 1 12"]);
  });

  it("brings a deleted row back with a lower ordering value than it had", async () => {
    await create({ version, ordering: "energy_wh" });
    await commit([row(1, 10), row(2, 20)]);
    await commit([], [row(1, 0)]);
    const { stats } = await commit([row(1, 3), row(2, 21)]);
    expect(stats).toMatchObject({ inserts: 1, updates: 1 });
    expect(await held()).toEqual(["d1 1 3", "d1 2 21"]);
    await commit([row(1, 4)]);
    expect(await held()).toEqual(["d1 1 4", "d1 2 21"]);
  });

  it("keeps a row that comes again while its compaction is under way where writers look for it", async () => {
    await commit([row(1, 10), row(2, 20)]);
    await commit([], [row(1, 0)]);
    await table.scheduleCompaction();
    await commit([row(1, 3), row(2, 21)]);
    expect(await held()).toEqual(["d1 1 3", "d1 2 21"]);
    await table.compact({ connection: fixture.connection, schedule: null });
    expect(await held()).toEqual(["d1 1 3", "d1 2 21"]);
    expect((await commit([row(1, 4)])).stats).toMatchObject({ updates: 1, inserts: 0 });
    expect(await held()).toEqual(["d1 1 4", "d1 2 21"]);
  });

  it("names its log file by the compaction that is under way, up to version 6", async () => {
    await commit([row(1, 10)]);
    await commit([row(1, 11)]);
    const { instant } = await table.scheduleCompaction();
    const third = await commit([row(1, 12)]);
    const named = (await names(LOG)).map((name) => parseLogFileName(name.slice(3))?.instant);
    expect(named).toContain(version === 6 ? instant : third.instant);
    if (version === 6)
      expect(await statsOf(third.instant)).toMatchObject([{ prevCommit: instant, baseFile: "" }]);
    expect(await held()).toEqual(["d1 1 12"]);
  });
});

describe.each(VERSIONS)("with a bucket index in table version %i", (version) => {
  beforeEach(() => create({ version, index: BUCKETS }));

  it("rows of a bucket go into its log file, known or not, without a look", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => row(i, 10));
    expect((await commit(rows.slice(0, 30))).stats).toMatchObject({ inserts: 30, files: 4, unlocated: 0 });
    const bases = await names(BASE);
    expect(bases.map((name) => name.slice(3, 11)).sort()).toEqual([
      "00000000",
      "00000001",
      "00000002",
      "00000003",
    ]);
    const { stats } = await commit(
      rows.slice(20).map(({ seq }) => row(seq, 11)),
      [row(0, 0), row(99, 0)],
    );
    expect(stats).toMatchObject({ inserts: 0, updates: 0, unlocated: 20, deletes: 2 });
    expect(await names(BASE)).toEqual(bases);
    const expected = rows.slice(1).map(({ seq }) => `d1 ${seq} ${seq < 20 ? 10 : 11}`);
    expect(await held()).toEqual(expected.sort());
    await table.compact({ connection: fixture.connection });
    expect(await held()).toEqual(expected.sort());
  });

  it("a deleted row comes back with a lower ordering value than it had", async () => {
    await create({ version, index: BUCKETS, ordering: "energy_wh" });
    await commit([row(1, 10), row(2, 20)]);
    await commit([], [row(1, 0)]);
    await commit([row(1, 3), row(2, 19)]);
    expect(await held()).toEqual(["d1 1 3", "d1 2 20"]);
    await commit([row(1, 2)]);
    expect(await held()).toEqual(["d1 1 3", "d1 2 20"]);
  });

  it("a delete of a bucket that is not there makes nothing", async () => {
    expect((await commit([], [row(1, 0)])).stats).toMatchObject({ deletes: 0, files: 0 });
    expect(await names(/^d1/)).toEqual([]);
  });
});

it("of many file groups writes a log file each", async () => {
  await create();
  const days = Array.from({ length: 70 }, (_, i) => `d${i}`);
  await commit(days.map((day) => row(1, 10, day)));
  const { stats } = await commit(days.map((day, i) => row(1, i, day)));
  expect(stats).toMatchObject({ updates: 70, files: 70 });
  expect(await held()).toEqual(days.map((day, i) => `${day} 1 ${i}`).sort());
});

describe("keys that only log files have", () => {
  // as engines with an index over log files write them; here by our own bucket index, which the table then has no more
  beforeEach(async () => {
    await create({ index: { kind: "bucket", buckets: 1, fields: ["device", "seq"] } });
    await commit([row(1, 10)]);
    const { instant } = await commit([row(2, 20), row(3, 30)]);
    const commitFile = `${path}/.hoodie/${instant}.deltacommit`;
    const body = (await readFile(commitFile, "utf8")).replace('"numInserts":0', '"numInserts":2');
    await writeFile(commitFile, body);
    const properties = `${path}/.hoodie/hoodie.properties`;
    const lines = (await readFile(properties, "utf8")).split("\n");
    await writeFile(properties, lines.filter((line) => !/index/.test(line)).join("\n"));
    table = await openTable(storage, path, { clock });
  });

  it("are found: an update of one is none of a new row", async () => {
    const { stats } = await commit([row(1, 11), row(2, 21), row(4, 40)], [row(3, 0)]);
    expect(stats).toMatchObject({ updates: 2, deletes: 1, inserts: 1 });
    expect(await held()).toEqual(["d1 1 11", "d1 2 21", "d1 4 40"]);
    expect(await names(LOG)).toHaveLength(2);
  });

  it("are found in a slice that has no base file", async () => {
    const [first] = await table.timeline();
    for (const name of await names(new RegExp(`${first?.timestamp}.*(commit|requested|inflight|parquet)$`))) {
      await rm(`${path}/${name}`);
    }
    table = await openTable(storage, path, { clock });
    const { stats } = await commit([row(2, 21)], [row(3, 0)]);
    expect(stats).toMatchObject({ updates: 1, deletes: 1, inserts: 0 });
    expect(await names(BASE)).toEqual([]);
    expect(await held()).toEqual(["d1 2 21"]);
  });
});
