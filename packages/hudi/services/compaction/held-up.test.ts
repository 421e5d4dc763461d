import { readdir, stat, writeFile } from "node:fs/promises";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { ManualClock, SECOND_MS } from "@gridlake/kernel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LocalStorage } from "../../storage/local/storage.ts";
import { openTable } from "../../table/create-table.ts";
import type { HudiTable } from "../../table/table.ts";
import { useFixture } from "../../testing/fixture.ts";
import { Crash, CrashingStorage } from "../../testing/crashing-storage.ts";
import { HeldStorage } from "../../testing/held-storage.ts";
import { meterSql, meterTable } from "../../testing/meter-table.ts";

const LOCK_EXPIRY_MS = 60 * SECOND_MS;

const fixture = useFixture();
const storage = new LocalStorage();
let instance: DuckDBInstance;
/** Of the process that is held up. */
let slowly: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  slowly = await instance.connect();
});
afterAll(() => {
  slowly.closeSync();
  instance.closeSync();
});

async function planned(version: 6 | 9) {
  const path = fixture.path();
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const table = await meterTable(storage, path, { clock, version, type: "MERGE_ON_READ" });
  const commit = async (energy: number, of: HudiTable = table) => {
    clock.advance(SECOND_MS);
    await of.commit({
      connection: fixture.connection,
      operation: "upsert",
      upserts: { sql: meterSql(["d", "e"].map((day) => ({ device: "a", seq: 1, day, energy_wh: energy }))) },
    });
  };
  for (const energy of [1, 2]) await commit(energy);
  const { instant } = await table.scheduleCompaction();
  return { path, clock, table, commit, instant: instant ?? "" };
}

const energies = async (of: HudiTable) =>
  (await fixture.rows(`SELECT energy_wh::INT AS e FROM ${await of.snapshotSql()}`)).map((row) => row["e"]);
const basesOf = async (path: string, instant: string) =>
  (await readdir(path, { recursive: true })).filter((name) => name.endsWith(`_${instant}.parquet`)).sort();
const lookOf = async (path: string, names: readonly string[]) =>
  Promise.all(
    names.map(async (name) => {
      const { ino, mtimeNs, size } = await stat(`${path}/${name}`, { bigint: true });
      return [name, ino, mtimeNs, size];
    }),
  );

describe.each([6, 9] as const)("a compaction of version %i that was held up", (version) => {
  it.each([
    ["before its first file", (at: string) => at.endsWith(".parquet"), 1],
    ["before its second file", (at: string) => at.endsWith(".parquet"), 2],
    ["before it completes", (at: string) => at.endsWith("/lock"), 3],
  ] as const)("%s leaves alone what another has done meanwhile", async (_, isIt, nth) => {
    const { path, clock, table, commit, instant } = await planned(version);
    const held = new HeldStorage(storage);
    const slow = await openTable(held, path, { clock });
    let seen = 0;
    const reached = held.hold((change, at) => {
      if ((change === "stage" || change === "createIfAbsent") && isIt(at)) seen += 1;
      return seen === nth;
    });
    const late = slow.compact({ connection: slowly, schedule: null });
    late.catch(() => {});
    await reached;

    clock.advance(LOCK_EXPIRY_MS + SECOND_MS);
    const next = await openTable(storage, path, { clock });
    await commit(3, next);
    expect((await next.compact({ connection: fixture.connection, schedule: null })).instants).toEqual([
      instant,
    ]);
    const done = await basesOf(path, instant);
    expect(done).toHaveLength(2);
    const before = await lookOf(path, done);
    held.letGo();
    await expect(late).rejects.toMatchObject({ code: "HUDI_WRITE_CONFLICT" });
    expect(await basesOf(path, instant)).toEqual(done);
    expect(await lookOf(path, done)).toEqual(before);
    for (const one of [table, slow, next, await openTable(storage, path, { clock })]) {
      expect(await energies(one)).toEqual([3, 3]);
    }
  });

  it.each([".rollback.requested", ".rollback.inflight"])(
    "and whoever was held up over its rollback (%s) leaves alone what another has done meanwhile",
    async (suffix) => {
      const { path, clock, table, commit, instant } = await planned(version);
      // a process died over the plan when it had written a file
      const dead = await openTable(new CrashingStorage(storage, { at: 14, after: true }), path, { clock });
      await expect(dead.compact({ connection: fixture.connection, schedule: null })).rejects.toThrow(Crash);
      expect(await basesOf(path, instant)).not.toEqual([]);
      clock.advance(LOCK_EXPIRY_MS + SECOND_MS);
      const held = new HeldStorage(storage);
      const reached = held.hold((change, at) => change === "createIfAbsent" && at.endsWith(suffix));
      const slow = await openTable(held, path, { clock });
      const late = slow.compact({ connection: slowly, schedule: null });
      late.catch(() => {});
      await reached;

      clock.advance(LOCK_EXPIRY_MS + SECOND_MS);
      const next = await openTable(storage, path, { clock });
      expect((await next.compact({ connection: fixture.connection, schedule: null })).instants).toEqual([
        instant,
      ]);
      const done = await basesOf(path, instant);
      held.letGo();
      await expect(late).rejects.toMatchObject({ code: "HUDI_WRITE_CONFLICT" });
      expect(await basesOf(path, instant)).toEqual(done);
      for (const one of [table, next, await openTable(storage, path, { clock })]) {
        expect(await energies(one)).toEqual([2, 2]);
        expect((await one.timeline()).map(({ timestamp }) => timestamp)).toContain(instant);
      }
      await commit(3, await openTable(storage, path, { clock }));
      expect(await energies(await openTable(storage, path, { clock }))).toEqual([3, 3]);
    },
  );

  it("and died over a file that it still wrote hides no row, until the archive takes the file away", async () => {
    const { path, clock, commit, instant } = await planned(version);
    const table = await openTable(storage, path, { clock });
    await table.compact({ connection: fixture.connection, schedule: null });
    const done = await basesOf(path, instant);
    for (const name of done) {
      // names that come before and after
      const [fileId = "", token] = name.split("_");
      for (const other of ["0-0-0", "9-9-9"]) {
        expect(other).not.toBe(token);
        await writeFile(`${path}/${fileId}_${other}_${instant}.parquet`, "torn");
      }
    }
    for (const one of [table, await openTable(storage, path, { clock })])
      expect(await energies(one)).toEqual([2, 2]);
    const next = await openTable(storage, path, { clock });
    for (const energy of [3, 4, 5]) await commit(energy, next);
    expect(await energies(await openTable(storage, path, { clock }))).toEqual([5, 5]);
    await next.archive({ minInstants: 2, maxInstants: 2 });
    expect(await basesOf(path, instant)).toEqual(done);
    expect(await energies(await openTable(storage, path, { clock }))).toEqual([5, 5]);
  });
});
