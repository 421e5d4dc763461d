import { readdir } from "node:fs/promises";
import { ManualClock, SECOND_MS } from "@gridlake/kernel";
import { describe, expect, it } from "vitest";
import { LocalStorage } from "../../storage/local/storage.ts";
import { openTable } from "../../table/create-table.ts";
import type { HudiTable } from "../../table/table.ts";
import type { TableVersion } from "../../table/table-config.ts";
import { crashPoints } from "../../testing/crash-points.ts";
import { useFixture } from "../../testing/fixture.ts";
import { meterSql, meterTable } from "../../testing/meter-table.ts";

const LOCK_EXPIRY_MS = 60 * SECOND_MS;

const fixture = useFixture();
const storage = new LocalStorage();

async function create(version: TableVersion) {
  const path = fixture.path();
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const table = await meterTable(storage, path, { clock, version });
  const commit = async (energy: number, of = table) => {
    clock.advance(SECOND_MS);
    const { instant } = await of.commit({
      connection: fixture.connection,
      operation: "upsert",
      upserts: { sql: meterSql([{ device: "a", seq: 1, day: "d", energy_wh: energy }]) },
      extraMetadata: { energy: String(energy) },
    });
    return instant;
  };
  return { path, clock, table, commit };
}

const energies = async (of: HudiTable, asOf?: string) =>
  (
    await fixture.rows(
      `SELECT energy_wh::INT AS e FROM ${await of.snapshotSql(asOf === undefined ? {} : { asOf })}`,
    )
  ).map((row) => row["e"]);

/** Of all writes, archived or not: what they say of themselves. */
async function written(of: HudiTable): Promise<(string | undefined)[]> {
  const said: (string | undefined)[] = [];
  for (const entry of await of.history()) {
    const metadata = await entry.metadata();
    if (metadata) said.push(metadata.extraMetadata["energy"]);
  }
  return said;
}

describe.each([6, 9] as const)("the archive of version %i", (version) => {
  it("takes the oldest instants, changes no row, and its history has all that was done", async () => {
    const { path, table, commit, clock } = await create(version);
    const instants: string[] = [];
    for (const energy of [1, 2, 3, 4, 5, 6]) instants.push(await commit(energy));
    clock.advance(SECOND_MS);
    await table.clean({ retainCommits: 4 });
    const planned = await table.archive({ minInstants: 3, maxInstants: 3, dryRun: true });
    expect(planned.archived.map(({ timestamp }) => timestamp)).toEqual(instants.slice(0, 2));
    expect(await table.timeline()).toHaveLength(7);
    expect(await table.archive({ minInstants: 3, maxInstants: 3 })).toEqual(planned);
    for (const one of [table, await openTable(storage, path, { clock })]) {
      expect((await one.timeline()).map(({ timestamp }) => timestamp)).not.toContain(instants[1]);
      expect(await energies(one)).toEqual([6]);
      expect(await energies(one, instants[2])).toEqual([3]);
      expect(await written(one)).toEqual(["1", "2", "3", "4", "5", "6"]);
      const history = await one.history();
      expect(history.map(({ action, archived }) => [action, archived])).toEqual([
        ...Array.from({ length: 6 }, (_, i) => ["commit", i < 2]),
        ["clean", false],
      ]);
      for (const { timestamp, completedAt } of history) expect((completedAt ?? "") >= timestamp).toBe(true);
    }
    const [, second, third] = await table.history();
    expect(
      (await table.history({ after: second?.completedAt ?? "", upTo: third?.completedAt ?? "" })).map(
        ({ timestamp }) => timestamp,
      ),
    ).toEqual([instants[2]]);
  });

  it("keeps what is saved, and all after it", async () => {
    const { table, commit } = await create(version);
    const first = await commit(1);
    const second = await commit(2);
    for (const energy of [3, 4]) await commit(energy);
    await table.savepoint({ instant: second, user: "me", comment: "" });
    expect(await table.archive({ minInstants: 1, maxInstants: 1 })).toMatchObject({
      archived: [{ timestamp: first, action: "commit" }],
    });
    await table.deleteSavepoint(second);
    expect(await table.archive({ minInstants: 1, maxInstants: 1 })).toMatchObject({ instants: 2 });
    expect(await energies(table)).toEqual([4]);
  });

  it("keeps a replace commit as long as files are left that it took away", async () => {
    const { table, commit, clock } = await create(version);
    const day = (name: string, seq: number) =>
      table.commit({
        connection: fixture.connection,
        operation: "bulk_insert",
        upserts: { sql: meterSql([{ device: "b", seq, day: name, energy_wh: 10 }]) },
      });
    for (const seq of [1, 2, 3]) await day("e", seq);
    clock.advance(SECOND_MS);
    expect((await table.cluster({ connection: fixture.connection })).instant).not.toBeNull();
    for (const energy of [1, 2, 3]) await commit(energy);
    expect(await table.archive({ minInstants: 1, maxInstants: 1 })).toMatchObject({ instants: 3 });
    expect(await energies(table)).toEqual(expect.arrayContaining([10, 10, 10, 3]));
    await table.clean({ retainCommits: 1 });
    const rest = await table.archive({ minInstants: 1, maxInstants: 1 });
    expect(rest.archived[0]).toMatchObject({ action: "replacecommit" });
    expect((await energies(table)).sort()).toEqual([10, 10, 10, 3]);
    expect((await table.history()).filter(({ action }) => action === "replacecommit")).toHaveLength(1);
  });

  it("that died anywhere hides no row and loses no instant", async () => {
    const { path: made, clock, commit } = await create(version);
    const instants: string[] = [];
    for (const energy of [1, 2, 3, 4]) instants.push(await commit(energy));
    let crashes = 0;
    const points = crashPoints({ table: made, path: () => fixture.path() }, async (dying, path) =>
      (await openTable(dying, path, { clock })).archive({ minInstants: 2, maxInstants: 2 }),
    );
    for await (const { path } of points) {
      crashes += 1;
      clock.advance(LOCK_EXPIRY_MS);
      const next = await openTable(storage, path, { clock });
      expect(await energies(next)).toEqual([4]);
      expect(await written(next)).toEqual(["1", "2", "3", "4"]);
      await commit(5, next);
      await next.archive({ minInstants: 1, maxInstants: 1 });
      const reopened = await openTable(storage, path, { clock });
      expect(await energies(reopened)).toEqual([5]);
      expect(await reopened.timeline()).toHaveLength(1);
      expect(await written(reopened)).toEqual(["1", "2", "3", "4", "5"]);
      const left = await readdir(`${path}/.hoodie`, { recursive: true });
      expect(left.filter((name) => instants.some((gone) => name.includes(`${gone}.`)))).toEqual([]);
    }
    expect(crashes).toBeGreaterThan(10);
  }, 600_000);
});

it("merges the small files of layout 2 into larger ones, and keeps no manifest that nobody can be reading", async () => {
  const { path, table, commit } = await create(9);
  for (let energy = 0; energy < 23; energy += 1) {
    await commit(energy);
    await table.archive({ minInstants: 1, maxInstants: 1 });
  }
  const names = await readdir(`${path}/.hoodie/timeline/history`);
  const levels = names.filter((name) => name.endsWith(".parquet")).map((name) => name.split("_")[2]?.[0]);
  expect(levels.filter((level) => level === "1")).toHaveLength(2);
  expect(names.filter((name) => name.startsWith("manifest_")).length).toBeLessThan(5);
  expect(await written(table)).toEqual(Array.from({ length: 23 }, (_, i) => String(i)));
});

it("says which file of it is corrupt", async () => {
  for (const version of [6, 9] as const) {
    const { path, table, commit } = await create(version);
    for (const energy of [1, 2, 3]) await commit(energy);
    await table.archive({ minInstants: 1, maxInstants: 1 });
    const folder = `${path}/.hoodie/${version === 6 ? "archived" : "timeline/history"}`;
    const file = (await readdir(folder)).find(
      (name) => name.endsWith(".parquet") || name.includes(".archive."),
    );
    const bytes = (await storage.read(`${folder}/${file}`)) ?? Buffer.alloc(0);
    await storage.replace(`${folder}/${file}`, bytes.subarray(0, bytes.length - 20));
    await expect(table.history()).rejects.toMatchObject({
      code: "HUDI_TIMELINE_CORRUPT",
      message: expect.stringContaining(file ?? ""),
    });
    expect(await energies(table)).toEqual([3]);
  }
});
