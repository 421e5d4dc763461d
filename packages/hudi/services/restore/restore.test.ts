import { readdir } from "node:fs/promises";
import { ManualClock, SECOND_MS } from "@gridlake/kernel";
import { describe, expect, it } from "vitest";
import { restoreMetadata } from "../../avro/restore.ts";
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

interface Opened {
  path: string;
  clock: ManualClock;
  table: HudiTable;
}

async function create(version: TableVersion): Promise<Opened> {
  const path = fixture.path();
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  return { path, clock, table: await meterTable(storage, path, { clock, version }) };
}

async function commit({ table, clock }: Opened, energy: number, day = "d"): Promise<string> {
  clock.advance(SECOND_MS);
  const { instant } = await table.commit({
    connection: fixture.connection,
    operation: "upsert",
    upserts: { sql: meterSql([{ device: "a", seq: 1, day, energy_wh: energy }]) },
    extraMetadata: { energy: String(energy) },
  });
  return instant;
}

const energies = async (of: HudiTable, asOf?: string) =>
  (
    await fixture.rows(
      `SELECT energy_wh::INT AS e FROM ${await of.snapshotSql(asOf === undefined ? {} : { asOf })} ORDER BY ALL`,
    )
  ).map((row) => row["e"]);
const actions = async (of: HudiTable) => (await of.timeline()).map(({ action }) => action);
const names = async (path: string) => (await readdir(path, { recursive: true })).sort();

describe.each([6, 9] as const)("a restore of version %i", (version) => {
  it("makes the table what it was, says what it did, and lets it go on", async () => {
    const opened = await create(version);
    const { table, path } = opened;
    const instants: string[] = [];
    for (const energy of [1, 2, 3]) instants.push(await commit(opened, energy));
    const [first = "", second = "", third = ""] = instants;
    await commit(opened, 9, "e");
    const reader = await openTable(storage, path);
    expect(await energies(reader)).toEqual([3, 9]);

    const planned = await table.restore({ to: second, dryRun: true });
    expect(planned).toMatchObject({ instant: null, files: 2 });
    expect(planned.undone.map(({ timestamp }) => timestamp)).toEqual([expect.anything(), third]);
    expect(await energies(reader)).toEqual([3, 9]);

    const { instant, ...rest } = await table.restore({ to: second });
    expect({ ...rest, instant: null }).toEqual(planned);
    for (const one of [table, reader, await openTable(storage, path)]) {
      expect(await energies(one)).toEqual([2]);
      expect(await energies(one, first)).toEqual([1]);
      expect(await actions(one)).toEqual(["commit", "commit", "restore"]);
    }
    const files = await names(path);
    for (const { path: file } of planned.removed) expect(files).not.toContain(file);
    expect(files.filter((name) => name.includes(third))).toEqual([]);

    const done = files.find((name) => name.endsWith(".restore")) ?? "";
    const bytes = (await storage.read(`${path}/${done}`)) ?? Buffer.alloc(0);
    expect(await restoreMetadata.decode(bytes, done)).toMatchObject({
      startRestoreTime: instant,
      instantsToRollback: planned.undone.map(({ timestamp }) => timestamp),
      hoodieRestoreMetadata: { [third]: [{ commitsRollback: [third], totalFilesDeleted: 1 }] },
    });
    const fourth = await commit(opened, 4);
    for (const one of [table, reader]) {
      expect(await energies(one)).toEqual([4]);
      expect(await energies(one, second)).toEqual([2]);
    }
    expect(fourth > third).toBe(true);
    expect((await (await table.timeline()).at(-1)?.metadata())?.extraMetadata["energy"]).toBe("4");
  });

  it("leaves a table alone that is as of that write already", async () => {
    const opened = await create(version);
    const newest = await commit(opened, 1);
    const before = await names(opened.path);
    expect(await opened.table.restore({ to: newest })).toMatchObject({ instant: null, undone: [], files: 0 });
    expect(await names(opened.path)).toEqual(before);
  });

  it("refuses what it can't bring back", async () => {
    const opened = await create(version);
    const instants: string[] = [];
    for (const energy of [1, 2, 3, 4]) instants.push(await commit(opened, energy));
    await opened.table.clean({ retainCommits: 2 });
    const before = await names(opened.path);
    await expect(opened.table.restore({ to: instants[1] ?? "" })).rejects.toMatchObject({
      code: "HUDI_INSTANT_CLEANED",
    });
    await expect(opened.table.restore({ to: "20260101000000000" })).rejects.toMatchObject({
      code: "HUDI_INSTANT_MISSING",
    });
    expect(await names(opened.path)).toEqual(before);
    await opened.table.savepoint({ instant: instants[3] ?? "", user: "me", comment: "" });
    await expect(opened.table.restore({ to: instants[2] ?? "" })).rejects.toMatchObject({
      code: "HUDI_SAVEPOINT_LATER",
    });
    await opened.table.deleteSavepoint(instants[3] ?? "");
    await opened.table.restore({ to: instants[2] ?? "" });
    expect(await energies(opened.table)).toEqual([3]);
  });

  it("goes back to a savepoint, though everything about it was cleaned", async () => {
    const opened = await create(version);
    const { table } = opened;
    await commit(opened, 1);
    const saved = await commit(opened, 2);
    await commit(opened, 7, "e");
    await table.savepoint({ instant: saved, user: "me", comment: "before the new tariff" });
    for (const energy of [3, 4, 5]) await commit(opened, energy);
    await table.clean({ retainCommits: 1 });
    expect(await energies(table)).toEqual([5, 7]);
    await table.restore({ to: saved });
    expect(await energies(table)).toEqual([2]);
    expect(await energies(await openTable(storage, opened.path), saved)).toEqual([2]);
    const again = await commit(opened, 6);
    expect(await energies(table, again)).toEqual([6]);
    await table.clean({ retainCommits: 1 });
    expect(await energies(table)).toEqual([6]);
  });

  it("undoes a replaced partition", async () => {
    const opened = await create(version);
    const { table } = opened;
    const before = await commit(opened, 1);
    await commit(opened, 2, "e");
    const kept = await commit(opened, 3, "e");
    opened.clock.advance(SECOND_MS);
    const replaced = await table.cluster({ connection: fixture.connection });
    expect(await energies(table)).toEqual([1, 3]);
    await table.restore({ to: kept });
    expect(await energies(table)).toEqual([1, 3]);
    if (replaced.instant !== null) {
      expect((await names(opened.path)).filter((name) => name.includes(replaced.instant ?? ""))).toEqual([]);
    }
    await table.restore({ to: before });
    expect(await energies(await openTable(storage, opened.path))).toEqual([1]);
  });

  it("that died anywhere is carried on by whoever comes next, and readers see whole writes meanwhile", async () => {
    const made = await create(version);
    const { clock } = made;
    const instants: string[] = [];
    for (const energy of [1, 2, 3]) instants.push(await commit(made, energy));
    const began: boolean[] = [];
    const points = crashPoints({ table: made.path, path: () => fixture.path() }, async (dying, path) =>
      (await openTable(dying, path, { clock })).restore({ to: instants[0] ?? "" }),
    );
    for await (const { path } of points) {
      clock.advance(LOCK_EXPIRY_MS);
      const next = await openTable(storage, path, { clock });
      expect([[1], [2], [3]]).toContainEqual(await energies(next));
      const isBegun = (await names(path)).some((name) => name.endsWith(".restore.requested"));
      began.push(isBegun);
      await commit({ ...made, table: next }, 4);
      const reopened = await openTable(storage, path, { clock });
      for (const one of [next, reopened]) {
        expect(await energies(one)).toEqual([4]);
        expect(await energies(one, instants[0])).toEqual([1]);
      }
      const left = await names(path);
      if (isBegun) {
        expect(left.filter((name) => instants.slice(1).some((gone) => name.includes(gone)))).toEqual([]);
        // one that died when it was done leaves its rollbacks to the archive
        const rest = (await actions(reopened)).filter((action) => action !== "rollback");
        expect(rest).toEqual(["commit", "restore", "commit"]);
      } else {
        expect(await energies(reopened, instants[2])).toEqual([3]);
      }
      expect(left.filter((name) => name.endsWith("/lock"))).toEqual([]);
    }
    expect(began).toContain(false);
    expect(began.filter(Boolean).length).toBeGreaterThan(15);
  }, 600_000);
});
