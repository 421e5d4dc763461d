import { readdir, readFile, rm } from "node:fs/promises";
import { ManualClock } from "@gridlake/kernel";
import { beforeEach, describe, expect, it } from "vitest";
import { compactionPlan } from "../../avro/compaction-plan.ts";
import { LocalStorage } from "../../storage/local/storage.ts";
import type { Storage } from "../../storage/storage.ts";
import { openTable } from "../../table/create-table.ts";
import type { HudiTable } from "../../table/table.ts";
import type { TableDefinition, TableVersion } from "../../table/table-config.ts";
import { crashPoints } from "../../testing/crash-points.ts";
import { useFixture } from "../../testing/fixture.ts";
import { type MeterRow, meterSql, meterTable } from "../../testing/meter-table.ts";

const VERSIONS: TableVersion[] = [6, 8, 9];
const META = [
  "_hoodie_commit_time",
  "_hoodie_commit_seqno",
  "_hoodie_record_key",
  "_hoodie_file_name",
  "energy_wh",
];
const LOCK_EXPIRY_MS = 60_000;

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
const commit = (upserts: MeterRow[], deletes: MeterRow[] = [], into = table) => {
  clock.advance(1);
  return into.commit({
    connection: fixture.connection,
    operation: "upsert",
    upserts: { sql: meterSql(upserts) },
    deletes: { sql: `SELECT device, seq, day FROM (${meterSql(deletes)})` },
  });
};
const compact = (of = table) => of.compact({ connection: fixture.connection });
const rows = async (of = table, asOf?: string) =>
  (await fixture.rows(`SELECT * FROM ${await of.snapshotSql(asOf === undefined ? {} : { asOf })}`))
    .map(({ seq, day, energy_wh }) => `${day} ${seq} ${energy_wh}`)
    .sort();
const compactAt = async (on: Storage, at: string) => compact(await openTable(on, at, { clock }));
const names = async (pattern: RegExp, of = path) =>
  (await readdir(of, { recursive: true })).filter((name) => pattern.test(name)).sort();
const reopened = () => openTable(storage, path, { clock });

/** Rows 1 to 3 in two partitions, of which 1 is changed and 2 deleted by log files. */
async function withLogs(): Promise<void> {
  await commit([row(1, 10), row(2, 20), row(3, 30), row(1, 10, "d2")]);
  await commit([row(1, 11)], [row(2, 0)]);
}
const HELD = ["d1 1 11", "d1 3 30", "d2 1 10"];

describe.each(VERSIONS)("compaction in table version %i", (version) => {
  beforeEach(() => create({ version }));

  it("merges log files into base files of its own instant, and changes no row", async () => {
    await withLogs();
    const before = await fixture.rows(
      `SELECT * EXCLUDE (_hoodie_file_name) FROM ${await table.snapshotSql({ columns: META })} ORDER BY ALL`,
    );
    const { instants, groups } = await compact();
    expect(groups).toMatchObject([{ partition: "d1", logFiles: 1 }]);
    const [instant] = instants;
    expect(await names(new RegExp(`_${instant}\\.parquet$`))).toHaveLength(1);
    for (const one of [table, await reopened()]) {
      expect(await rows(one)).toEqual(HELD);
      const after = `SELECT * EXCLUDE (_hoodie_file_name) FROM ${await one.snapshotSql({ columns: META })} ORDER BY ALL`;
      expect(await fixture.rows(after)).toEqual(before);
    }
    const last = (await table.timeline()).at(-1);
    expect(last).toMatchObject({ timestamp: instant, action: "commit" });
    const metadata = await last?.metadata();
    expect(metadata).toMatchObject({ operationType: "COMPACT", compacted: true });
    expect(metadata?.partitionToWriteStats["d1"]).toMatchObject([
      {
        numWrites: 2,
        numInserts: 0,
        totalLogFilesCompacted: 1,
        prevBaseFile: expect.stringMatching(/parquet$/),
      },
    ]);
  });

  it("is planned apart from being carried out, and all rows are there at any time", async () => {
    await withLogs();
    const { instant, groups } = await table.scheduleCompaction();
    expect(groups).toHaveLength(1);
    expect(await rows()).toEqual(HELD);
    expect(await rows(await reopened())).toEqual(HELD);
    expect(await table.pendingCompactions()).toMatchObject([
      {
        instant: { timestamp: instant, state: "requested" },
        slices: [{ partition: "d1", logs: [expect.any(String)] }],
      },
    ]);
    // its file group is not planned again
    await commit([row(3, 33)]);
    expect(await table.scheduleCompaction()).toEqual({ instant: null, groups: [] });
    const held = ["d1 1 11", "d1 3 33", "d2 1 10"];
    expect(await rows()).toEqual(held);
    const done = await table.compact({ connection: fixture.connection, schedule: null });
    expect(done.instants).toEqual([instant]);
    expect(await rows()).toEqual(held);
    expect(await rows(await reopened())).toEqual(held);
    // and what came after the plan is merged by the next
    expect((await compact()).groups).toHaveLength(1);
    expect(await rows(await reopened())).toEqual(held);
  });

  it("says what it merges as Hudi does, and what it leaves for later", async () => {
    await withLogs();
    await commit([row(1, 12, "d2")]);
    const { instant } = await table.scheduleCompaction({ strategy: { maxBytes: 1 } });
    const folder = `${path}/${table.config.layout.folder}`;
    const plan = await compactionPlan.decode(
      await readFile(`${folder}/${instant}.compaction.requested`),
      "f",
    );
    const [operation] = plan.operations ?? [];
    expect(plan).toMatchObject({ version: 2, operations: [operation], missingSchedulePartitions: ["d2"] });
    expect(operation?.dataFilePath).toMatch(/^[0-9a-f-]+_0-0-0_\d{17}\.parquet$/);
    expect(operation?.deltaFilePaths).toEqual([expect.stringMatching(/^\.[0-9a-f-]+_\d{17}\.log\.1_/)]);
    expect(operation?.metrics).toMatchObject({ TOTAL_LOG_FILES: 1, TOTAL_IO_MB: 0 });
  });

  it("leaves alone what another process is at, and takes over only what it is told to", async () => {
    await withLogs();
    const { instant } = await table.scheduleCompaction();
    // another engine's: no sign of life but the inflight file
    const inflight = `${path}/${table.config.layout.folder}/${instant}.compaction.inflight`;
    await storage.createIfAbsent(inflight, Buffer.alloc(0));
    expect(await compact()).toEqual({ instants: [], groups: [], inFlight: [instant] });
    expect(await rows()).toEqual(HELD);
    const taken = await table.compact({ connection: fixture.connection, takeOver: true });
    expect(taken).toMatchObject({ instants: [instant], inFlight: [] });
    expect(await rows(await reopened())).toEqual(HELD);
  });

  it("is done after so many delta commits, and its failure does not undo the commit", async () => {
    await withLogs();
    const again = (energy: number) =>
      table.commit({
        connection: fixture.connection,
        operation: "upsert",
        upserts: { sql: meterSql([row(1, energy)]) },
        compaction: { afterDeltaCommits: 4 },
      });
    expect((await again(12)).compaction).toBeUndefined();
    expect((await again(13)).compaction).toMatchObject({ groups: [{ logFiles: 3 }], failure: null });
    for (const energy of [14, 15, 16]) expect((await again(energy)).compaction).toBeUndefined();
    const [log = ""] = (await names(/\.log\.\d+_/)).slice(-1);
    const bytes = await readFile(`${path}/${log}`);
    await rm(`${path}/${log}`);
    const { instant, compaction } = await again(17);
    expect(compaction).toMatchObject({ instants: [], failure: { code: "HUDI_FILE_MISSING" } });
    expect((await table.timeline()).at(-1)?.timestamp).toBe(instant);
    await storage.createIfAbsent(`${path}/${log}`, bytes);
    expect(await rows(await reopened())).toEqual(["d1 1 17", "d1 3 30", "d2 1 10"]);
  });

  it("tells on a dry run what it would do, and does nothing", async () => {
    await withLogs();
    const before = await names(/./);
    const dry = await table.compact({ connection: fixture.connection, dryRun: true });
    expect(dry).toMatchObject({ instants: [], groups: [{ partition: "d1", logFiles: 1 }] });
    const [group] = dry.groups;
    expect(group?.bytesIn).toBeGreaterThan(group?.bytesOut ?? 0);
    expect(await names(/./)).toEqual(before);
    expect((await compact()).groups).toEqual(dry.groups);
  });

  it("merges a slice that began with a log file", async () => {
    await create({ version, index: { kind: "bucket", buckets: 1, fields: ["device", "seq"] } });
    await commit([row(1, 10)]);
    await commit([row(2, 20)]);
    // as Flink's bucket index has it: without the base file that the first commit made
    const [first] = await table.timeline();
    for (const name of await names(new RegExp(`${first?.timestamp}.*(commit|requested|inflight|parquet)$`))) {
      await rm(`${path}/${name}`);
    }
    table = await reopened();
    expect(await rows()).toEqual(["d1 2 20"]);
    await commit([row(3, 30)]);
    const held = ["d1 2 20", "d1 3 30"];
    expect(await rows(await reopened())).toEqual(held);
    expect((await compact()).groups).toMatchObject([{ logFiles: 2 }]);
    expect(await rows(await reopened())).toEqual(held);
    expect(await names(/\.parquet$/)).toHaveLength(1);
  });

  it("serves readers as of an instant before it", async () => {
    await commit([row(1, 10)]);
    const [first] = await table.timeline();
    await commit([row(1, 11)]);
    await compact();
    const asOf = first?.completedAt ?? "";
    expect(await rows(await reopened(), asOf)).toEqual(["d1 1 10"]);
  });
});

it.each<TableVersion>([6, 9])(
  "in table version %i it is done again by the next when a process died over it, wherever",
  async (version) => {
    await create({ version });
    await withLogs();
    await table.scheduleCompaction();
    await commit([row(3, 33)]);
    const held = ["d1 1 11", "d1 3 33", "d2 1 10"];
    let points = 0;
    for await (const { path: left } of crashPoints({ table: path, path: () => fixture.path() }, compactAt)) {
      points += 1;
      expect(await rows(await openTable(storage, left, { clock }))).toEqual(held);
      clock.advance(LOCK_EXPIRY_MS);
      const next = await openTable(storage, left, { clock });
      await commit([row(4, 40)], [], next);
      await compact(next);
      expect(await next.pendingCompactions()).toEqual([]);
      expect(await rows(await openTable(storage, left, { clock }))).toEqual([...held, "d1 4 40"].sort());
      expect(await names(/\.tmp-|\/lock$|\.heartbeat\//, left)).toEqual([]);
    }
    expect(points).toBeGreaterThan(10);
  },
  600_000,
);

it("is refused in a COPY_ON_WRITE table", async () => {
  await create({ type: "COPY_ON_WRITE" });
  for (const act of [() => compact(), () => table.scheduleCompaction()]) {
    await expect(act()).rejects.toMatchObject({ code: "HUDI_TABLE_UNSUPPORTED" });
  }
});

it("is refused while another engine merges log files into log files", async () => {
  await create();
  await withLogs();
  const last = (await table.timeline()).at(-1)?.timestamp ?? "";
  await storage.createIfAbsent(
    `${path}/.hoodie/${BigInt(last) + 1n}.logcompaction.requested`,
    Buffer.alloc(0),
  );
  await expect(compact()).rejects.toMatchObject({ code: "HUDI_PENDING_ACTION", retry: "later" });
  await commit([row(3, 33)]);
  expect(await rows(await reopened())).toEqual(["d1 1 11", "d1 3 33", "d2 1 10"]);
});
