import { readdir, readFile } from "node:fs/promises";
import { HOUR_MS, ManualClock, SECOND_MS } from "@gridlake/kernel";
import { describe, expect, it } from "vitest";
import { cleanerPlan, cleanMetadata } from "../../avro/clean.ts";
import { compactionPlan } from "../../avro/compaction-plan.ts";
import { LocalStorage } from "../../storage/local/storage.ts";
import { openTable } from "../../table/create-table.ts";
import type { HudiTable } from "../../table/table.ts";
import type { TableDefinition } from "../../table/table-config.ts";
import { crashPoints } from "../../testing/crash-points.ts";
import { useFixture } from "../../testing/fixture.ts";
import { meterSql, meterTable } from "../../testing/meter-table.ts";

const LOCK_EXPIRY_MS = 60 * SECOND_MS;

const fixture = useFixture();
const storage = new LocalStorage();

async function create(definition: Partial<TableDefinition> = {}) {
  const path = fixture.path();
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const table = await meterTable(storage, path, { clock, ...definition });
  const commit = async (energy: number, { day = "d", of = table } = {}) => {
    clock.advance(SECOND_MS);
    const { instant } = await of.commit({
      connection: fixture.connection,
      operation: "upsert",
      upserts: { sql: meterSql([{ device: "a", seq: 1, day, energy_wh: energy }]) },
    });
    return instant;
  };
  return { path, clock, table, commit };
}

const energies = async (of: HudiTable, asOf?: string) =>
  (
    await fixture.rows(
      `SELECT energy_wh::INT AS e FROM ${await of.snapshotSql(asOf === undefined ? {} : { asOf })} ORDER BY ALL`,
    )
  ).map((row) => row["e"]);
const filesIn = async (path: string) =>
  (await readdir(path).catch(() => [])).filter((name) => /\.parquet$|\.log\./.test(name)).sort();

describe.each([6, 9] as const)("a clean of version %i", (version) => {
  it("keeps what readers as of any time of the last hours need", async () => {
    const { path, clock, table, commit } = await create({ version });
    const first = await commit(1);
    clock.advance(2 * HOUR_MS);
    const second = await commit(2);
    clock.advance(2 * HOUR_MS);
    const third = await commit(3);
    expect(await table.clean({ retainHours: 24, dryRun: true })).toMatchObject({ files: 0 });
    const { removed } = await table.clean({ retainHours: 1 });
    expect(removed.map(({ path: file }) => file)).toEqual([expect.stringContaining(first)]);
    expect(await energies(table, second)).toEqual([2]);
    expect(await energies(table, third)).toEqual([3]);
    await expect(table.snapshotSql({ asOf: first })).rejects.toMatchObject({ code: "HUDI_INSTANT_CLEANED" });
    clock.advance(2 * HOUR_MS);
    await table.clean({ retainHours: 1 });
    expect(await filesIn(`${path}/d`)).toEqual([expect.stringContaining(third)]);
  });

  it("keeps so many versions of every file group, and says from when on the table can be read", async () => {
    const { path, table, commit } = await create({ version });
    const other = await commit(7, { day: "e" });
    const instants: string[] = [];
    for (const energy of [1, 2, 3, 4]) instants.push(await commit(energy));
    const { removed, earliestRetained } = await table.clean({ retainVersions: 2 });
    expect(removed).toHaveLength(2);
    expect(earliestRetained).toBe(instants[2]);
    expect(await filesIn(`${path}/e`)).toEqual([expect.stringContaining(other)]);
    const reader = await openTable(storage, path);
    expect(await energies(reader, instants[2])).toEqual([3, 7]);
    expect(await energies(reader, instants[3])).toEqual([4, 7]);
    await expect(reader.snapshotSql({ asOf: instants[1] ?? "" })).rejects.toMatchObject({
      code: "HUDI_INSTANT_CLEANED",
    });
  });

  it("leaves what a savepoint saved, and takes it once the savepoint is deleted", async () => {
    const { table, commit } = await create({ version });
    await commit(1);
    const saved = await commit(2);
    await table.savepoint({ instant: saved, user: "me", comment: "" });
    for (const energy of [3, 4, 5]) await commit(energy);
    expect((await table.clean({ retainCommits: 1 })).files).toBe(3);
    expect(await energies(table, saved)).toEqual([2]);
    await table.deleteSavepoint(saved);
    const { removed } = await table.clean({ retainCommits: 1 });
    expect(removed.map(({ path }) => path)).toEqual([expect.stringContaining(saved)]);
    expect(await energies(table)).toEqual([5]);
  });

  it("takes replaced file groups, and leaves their partition", async () => {
    const { path, clock, table, commit } = await create({ version });
    for (const seq of [1, 2, 3]) {
      await table.commit({
        connection: fixture.connection,
        operation: "bulk_insert",
        upserts: { sql: meterSql([{ device: "b", seq, day: "e", energy_wh: seq }]) },
      });
      clock.advance(SECOND_MS);
    }
    await table.cluster({ connection: fixture.connection });
    await commit(9);
    expect(await filesIn(`${path}/e`)).toHaveLength(4);
    const { removed, partitions } = await table.clean({ retainCommits: 1 });
    expect(removed).toHaveLength(3);
    expect(partitions).toEqual([]);
    expect(await filesIn(`${path}/e`)).toHaveLength(1);
    expect(await energies(await openTable(storage, path))).toEqual([1, 2, 3, 9]);
  });

  it("takes a partition of which nothing is left", async () => {
    const { path, clock, table, commit } = await create({ version });
    await commit(1, { day: "e" });
    await commit(2);
    clock.advance(SECOND_MS);
    const overwritten = await table.commit({
      connection: fixture.connection,
      operation: "insert_overwrite_table",
      upserts: { sql: meterSql([{ device: "a", seq: 1, day: "d", energy_wh: 3 }]) },
    });
    expect(await table.clean({ retainCommits: 2, dryRun: true })).toMatchObject({ files: 0 });
    const { removed, partitions, instant } = await table.clean({ retainCommits: 1 });
    expect(removed.map(({ path: file }) => file.split("/")[0]).sort()).toEqual(["d", "e"]);
    expect(partitions).toEqual(["e"]);
    expect(await readdir(path)).not.toContain("e");
    expect(await energies(await openTable(storage, path), overwritten.instant)).toEqual([3]);
    await commit(4, { day: "e" });
    expect(await energies(await openTable(storage, path))).toEqual([3, 4]);
    expect(instant).not.toBeNull();
  });

  it("takes no row away that was written after it died, whoever planned that the partition goes", async () => {
    const { path: made, clock, commit, table } = await create({ version });
    await commit(1, { day: "e" });
    clock.advance(SECOND_MS);
    await table.deletePartitions(["e"]);
    await commit(2);
    let crashes = 0;
    const points = crashPoints({ table: made, path: () => fixture.path() }, async (dying, path) =>
      (await openTable(dying, path, { clock })).clean({ retainCommits: 1 }),
    );
    for await (const { path } of points) {
      crashes += 1;
      clock.advance(LOCK_EXPIRY_MS);
      const folder = `${path}/.hoodie${version === 6 ? "" : "/timeline"}`;
      const requested = (await readdir(folder)).find((name) => name.endsWith(".clean.requested"));
      // as Hudi's own plans have it
      if (requested !== undefined) {
        const at = `${folder}/${requested}`;
        const plan = await cleanerPlan.decode(await readFile(at), at);
        await storage.replace(at, await cleanerPlan.encode({ ...plan, partitionsToBeDeleted: ["e"] }));
      }
      const next = await openTable(storage, path, { clock });
      await commit(3, { day: "e", of: next });
      await next.clean({ retainCommits: 1 });
      expect(await energies(await openTable(storage, path, { clock }))).toEqual([2, 3]);
    }
    expect(crashes).toBeGreaterThan(5);
  });

  it("stops before what a write under way may be reading", async () => {
    const { path, clock, table, commit } = await create({ version });
    const instants: string[] = [];
    for (const energy of [1, 2]) instants.push(await commit(energy));
    clock.advance(SECOND_MS);
    const begun = `20260101000003000.commit.requested`;
    const folder = `${path}/.hoodie${version === 6 ? "" : "/timeline"}`;
    await storage.createIfAbsent(`${folder}/${begun}`, Buffer.alloc(0));
    expect(await table.clean({ retainCommits: 1, dryRun: true })).toMatchObject({
      earliestRetained: instants[1],
      files: 1,
    });
    await storage.remove(`${folder}/${begun}`);
    await storage.createIfAbsent(`${folder}/20260101000001500.commit.requested`, Buffer.alloc(0));
    expect(await table.clean({ retainCommits: 1, dryRun: true })).toMatchObject({
      earliestRetained: instants[0],
      files: 0,
    });
  });

  it("that died anywhere is carried out again, and harms no reader", async () => {
    const { path: made, clock, commit } = await create({ version });
    const instants: string[] = [];
    for (const energy of [1, 2, 3, 4]) instants.push(await commit(energy));
    let crashes = 0;
    const points = crashPoints({ table: made, path: () => fixture.path() }, async (dying, path) =>
      (await openTable(dying, path, { clock })).clean({ retainCommits: 2 }),
    );
    for await (const { path } of points) {
      crashes += 1;
      clock.advance(LOCK_EXPIRY_MS);
      const next = await openTable(storage, path, { clock });
      expect(await energies(next)).toEqual([4]);
      expect(await energies(next, instants[2])).toEqual([3]);
      const early = await next.snapshotSql({ asOf: instants[0] ?? "" }).catch((error: unknown) => error);
      if (typeof early === "string") expect(await energies(next, instants[0])).toEqual([1]);
      else expect(early).toMatchObject({ code: "HUDI_INSTANT_CLEANED" });
      await commit(5, { of: next });
      await next.clean({ retainCommits: 3 });
      expect(await filesIn(`${path}/d`)).toHaveLength(3);
      expect(await energies(await openTable(storage, path, { clock }), instants[2])).toEqual([3]);
      expect((await next.timeline()).filter(({ action }) => action === "clean")).not.toHaveLength(0);
    }
    expect(crashes).toBeGreaterThan(5);
  }, 600_000);
});

describe.each([6, 9] as const)("a clean of MERGE_ON_READ, version %i", (version) => {
  it("leaves the slice that a compaction under way is going to read, and all after it", async () => {
    const { path, clock, table, commit } = await create({ version, type: "MERGE_ON_READ" });
    const base = await commit(1);
    const logged = [await commit(2), await commit(3)];
    const data = (await filesIn(`${path}/d`)).find((name) => name.endsWith(".parquet")) ?? "";
    const logs = (await filesIn(`${path}/d`)).filter((name) => name.includes(".log."));
    expect(logs).toHaveLength(2);
    clock.advance(SECOND_MS);
    const plan = await compactionPlan.encode({
      operations: [
        {
          baseInstantTime: base,
          deltaFilePaths: logs,
          dataFilePath: data,
          fileId: data.split("_")[0] ?? "",
          partitionPath: "d",
        },
      ],
      version: 2,
    });
    const folder = `${path}/.hoodie${version === 6 ? "" : "/timeline"}`;
    await storage.createIfAbsent(`${folder}/20260101000003500.compaction.requested`, plan);
    await commit(4);
    for (const retention of [{ retainCommits: 1 }, { retainVersions: 1 }]) {
      expect(await table.clean({ ...retention, dryRun: true })).toMatchObject({ files: 0 });
    }
    expect(logged).toHaveLength(2);
  });
});

it("refuses a retention that says two things, or nothing sensible", async () => {
  const { table } = await create();
  for (const retention of [
    { retainCommits: 1, retainHours: 1 },
    { retainCommits: 0 },
    { retainVersions: 1.5 },
    { retainHours: 0 },
  ]) {
    await expect(table.clean(retention)).rejects.toMatchObject({ code: "HUDI_CLEAN_POLICY" });
  }
});

it("carries out a plan of names alone, as old engines made them, and forgets one that is empty", async () => {
  const { path, commit, clock } = await create();
  for (const energy of [1, 2]) await commit(energy);
  const [old = ""] = await filesIn(`${path}/d`);
  const plan = await cleanerPlan.encode({
    earliestInstantToRetain: null,
    policy: "KEEP_LATEST_FILE_VERSIONS",
    filesToBeDeletedPerPartition: { d: [old] },
    version: 1,
    filePathsToBeDeletedPerPartition: null,
  });
  await storage.createIfAbsent(`${path}/.hoodie/20260101000005000.clean.requested`, plan);
  await storage.createIfAbsent(`${path}/.hoodie/20260101000006000.clean.requested`, Buffer.alloc(0));
  clock.advance(60 * SECOND_MS);
  const table = await openTable(storage, path, { clock });
  await table.clean({ retainCommits: 5 });
  expect(await filesIn(`${path}/d`)).toHaveLength(1);
  const names = await readdir(`${path}/.hoodie`);
  expect(names.filter((name) => name.startsWith("20260101000006000"))).toEqual([]);
  const done = `${path}/.hoodie/20260101000005000.clean`;
  const body = await cleanMetadata.decode((await storage.read(done)) ?? Buffer.alloc(0), done);
  expect(body).toMatchObject({ totalFilesDeleted: 1 });
  expect(body.partitionMetadata["d"]).toMatchObject({ successDeleteFiles: [old] });
  await expect(table.snapshotSql({ asOf: "20260101000001000" })).rejects.toMatchObject({
    code: "HUDI_INSTANT_CLEANED",
  });
});
