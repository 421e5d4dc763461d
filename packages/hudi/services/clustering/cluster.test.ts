import { expect, it } from "vitest";
import { LocalStorage } from "../../storage/local/storage.ts";
import { openTable } from "../../table/create-table.ts";
import { useFixture } from "../../testing/fixture.ts";
import { type MeterRow, meterSql, meterTable } from "../../testing/meter-table.ts";
import type { TableVersion } from "../../table/table-config.ts";
import { Crash, CrashingStorage } from "../../testing/crashing-storage.ts";

const fixture = useFixture();
const local = new LocalStorage();
const CRASH_POINTS = 40;

const COMMITS = [5, 1, 4, 2, 3];
/** Five commits of small files, their rows out of order. */
async function scattered(version: TableVersion) {
  const path = fixture.path();
  const table = await meterTable(local, path, { version });
  for (const at of COMMITS) {
    const rows: MeterRow[] = [at, at + 10].map((seq) => ({
      device: "a",
      seq,
      day: "d1",
      energy_wh: 100 - seq,
    }));
    await table.commit({
      connection: fixture.connection,
      operation: "bulk_insert",
      upserts: { sql: meterSql([...rows, { device: "b", seq: at, day: "d2", energy_wh: at }]) },
    });
  }
  return { path, table };
}

const all = (relation: string) => fixture.rows(`SELECT * FROM ${relation} ORDER BY ALL`);
const META = ["_hoodie_commit_time", "_hoodie_commit_seqno", "_hoodie_record_key", "_hoodie_partition_path"];
const COLUMNS = [...META, "device", "seq", "day", "energy_wh"];

it.each<TableVersion>([6, 8, 9])(
  "changes no row, nor whose commit it was, in version %i",
  async (version) => {
    const { path, table } = await scattered(version);
    const before = await all(await table.snapshotSql({ columns: COLUMNS }));
    const first = (await table.timeline())[0]?.timestamp ?? "";
    const since = await all(await table.incrementalSql({ after: first, columns: COLUMNS }));

    const { instant, groups } = await table.cluster({ connection: fixture.connection });
    expect(groups).toMatchObject([
      { partition: "d1", filesIn: 5, filesOut: 1 },
      { partition: "d2", filesIn: 5, filesOut: 1 },
    ]);

    const reader = await openTable(local, path);
    for (const one of [table, reader]) {
      expect(await all(await one.snapshotSql({ columns: COLUMNS }))).toEqual(before);
      expect(await all(await one.incrementalSql({ after: first, columns: COLUMNS }))).toEqual(since);
      expect(await one.slices()).toHaveLength(2);
      expect((await all(await one.snapshotSql({ asOf: first }))).length).toBe(3);
    }
    const names = await fixture.rows(
      `SELECT DISTINCT _hoodie_file_name AS name FROM ${await table.snapshotSql({ columns: ["_hoodie_file_name"] })}`,
    );
    for (const { name } of names) expect(name).toContain(instant);
    const done = (await reader.timeline()).at(-1);
    expect(done).toMatchObject({ timestamp: instant, action: "replacecommit" });
    expect(await done?.metadata()).toMatchObject({ operationType: "CLUSTER" });
    // and there is nothing more to do
    expect(await reader.cluster({ connection: fixture.connection })).toEqual({ instant: null, groups: [] });
  },
);

it("sorts across the files of a partition, so that their ranges part", async () => {
  const { table } = await scattered(6);
  await table.cluster({ connection: fixture.connection, sortBy: ["energy_wh"], targetFileBytes: 4_000 });
  const ranges = await fixture.rows(
    `SELECT min(energy_wh)::INT AS low, max(energy_wh)::INT AS high FROM ${await table.snapshotSql({
      columns: ["_hoodie_file_name", "day", "energy_wh"],
    })} WHERE day = 'd1' GROUP BY _hoodie_file_name ORDER BY low`,
  );
  expect(ranges.length).toBeGreaterThan(1);
  for (const [at, range] of ranges.slice(1).entries())
    expect(Number(range["low"])).toBeGreaterThanOrEqual(Number(ranges[at]?.["high"]));
});

it("goes on writing the clustered files", async () => {
  const { table } = await scattered(6);
  await table.cluster({ connection: fixture.connection, partitions: ["d1"] });
  expect(await table.slices()).toHaveLength(6);
  const changed: MeterRow[] = [{ device: "a", seq: 3, day: "d1", energy_wh: 1 }];
  const { stats } = await table.commit({
    connection: fixture.connection,
    operation: "upsert",
    upserts: { sql: meterSql(changed) },
  });
  expect(stats).toMatchObject({ updates: 1, inserts: 0 });
  expect(await fixture.rows(`SELECT count(*)::INT AS n FROM ${await table.snapshotSql()}`)).toEqual([
    { n: 15 },
  ]);
});

it("tells what it would do, and does not, on a dry run", async () => {
  const { table } = await scattered(6);
  const before = await table.instants();
  const { instant, groups } = await table.cluster({ connection: fixture.connection, dryRun: true });
  expect(instant).toBeNull();
  expect(groups).toMatchObject([
    { filesIn: 5, filesOut: 1 },
    { filesIn: 5, filesOut: 1 },
  ]);
  expect(groups[0]?.bytesIn).toBeGreaterThan(5_000);
  expect(await table.instants()).toEqual(before);
});

it("refuses a column that is not there", async () => {
  const { table } = await scattered(6);
  await expect(table.cluster({ connection: fixture.connection, sortBy: ["x"] })).rejects.toMatchObject({
    code: "HUDI_COLUMN_MISSING",
  });
});

it.each([6, 9] as const)(
  "that died anywhere leaves every row, and the next one is whole (version %i)",
  async (version) => {
    let died = 0;
    for (let at = 0; at < CRASH_POINTS; at += 3) {
      const { path, table } = await scattered(version);
      const before = await all(await table.snapshotSql({ columns: COLUMNS }));
      const storage = new CrashingStorage(local, { at, after: at % 2 === 0 });
      const doomed = await openTable(storage, path);
      await doomed
        .cluster({ connection: fixture.connection, lock: { expiryMs: 1 } })
        .catch((error: unknown) => {
          if (!(error instanceof Crash)) throw error;
          died += 1;
        });
      const survivor = await openTable(local, path);
      expect(await all(await survivor.snapshotSql({ columns: COLUMNS }))).toEqual(before);
      await survivor.cluster({ connection: fixture.connection });
      expect(await all(await survivor.snapshotSql({ columns: COLUMNS }))).toEqual(before);
      expect(await survivor.slices()).toHaveLength(2);
      expect((await survivor.instants()).filter((one) => one.state !== "completed")).toEqual([]);
    }
    expect(died).toBeGreaterThan(5);
  },
);
