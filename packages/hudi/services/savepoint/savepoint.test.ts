import { readdir, writeFile } from "node:fs/promises";
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
    });
    return instant;
  };
  return { path, clock, table, commit };
}

const savedOf = async (of: HudiTable) => (await of.savepoints()).map(({ instant }) => instant);
const savepointFiles = async (path: string) =>
  (await readdir(path, { recursive: true })).filter((name) => name.includes("savepoint"));

describe.each([6, 9] as const)("a savepoint of version %i", (version) => {
  it("is made of the newest write or of another, is listed, and deleted", async () => {
    const { path, clock, table, commit } = await create(version);
    const [first, second] = [await commit(1), await commit(2)];
    const said = { user: "me", comment: "as it was delivered" };
    const planned = await table.savepoint({ ...said, dryRun: true });
    expect(await savepointFiles(path)).toEqual([]);
    const made = await table.savepoint(said);
    expect(planned).toEqual(made);
    expect(made).toEqual({
      instant: second,
      user: "me",
      comment: "as it was delivered",
      savedAtMs: clock.nowMs(),
      files: 1,
    });
    await table.savepoint({ instant: first, user: "you", comment: "" });
    const reader = await openTable(storage, path);
    expect(await reader.savepoints()).toEqual([
      expect.objectContaining({ instant: first, user: "you" }),
      made,
    ]);
    for (const dryRun of [true, false]) {
      await expect(table.savepoint({ user: "me", comment: "", dryRun })).rejects.toMatchObject({
        code: "HUDI_SAVEPOINT_EXISTS",
      });
    }
    await reader.deleteSavepoint(second);
    expect(await savedOf(table)).toEqual([first]);
    await expect(table.deleteSavepoint(second)).rejects.toMatchObject({ code: "HUDI_SAVEPOINT_MISSING" });
    await table.savepoint({ user: "me", comment: "again" });
    expect(await savedOf(table)).toEqual([first, second]);
  });

  it("is refused of what is not there, or whose files are gone", async () => {
    const { table, commit } = await create(version);
    await expect(table.savepoint({ user: "me", comment: "" })).rejects.toMatchObject({
      code: "HUDI_INSTANT_MISSING",
    });
    const first = await commit(1);
    for (const energy of [2, 3]) await commit(energy);
    await table.clean({ retainCommits: 1 });
    await expect(table.savepoint({ instant: first, user: "me", comment: "" })).rejects.toMatchObject({
      code: "HUDI_INSTANT_CLEANED",
    });
    expect(await savedOf(table)).toEqual([]);
  });

  it.each(["make", "delete"] as const)(
    "is there or not, wherever who came to %s it died",
    async (act) => {
      const { path: made, clock, table, commit } = await create(version);
      const first = await commit(1);
      await commit(2);
      if (act === "delete") await table.savepoint({ instant: first, user: "me", comment: "" });
      const seen = new Set<number>();
      const points = crashPoints({ table: made, path: () => fixture.path() }, async (dying, path) => {
        const doomed = await openTable(dying, path, { clock });
        if (act === "delete") await doomed.deleteSavepoint(first);
        else await doomed.savepoint({ instant: first, user: "me", comment: "" });
      });
      for await (const { path } of points) {
        clock.advance(LOCK_EXPIRY_MS);
        const next = await openTable(storage, path, { clock });
        const saved = await savedOf(next);
        seen.add(saved.length);
        await commit(3, next);
        await next.clean({ retainCommits: 1 });
        expect(await savedOf(next)).toEqual(saved);
        if (saved.length === 0) {
          expect(await savepointFiles(path)).toEqual([]);
          continue;
        }
        await next.restore({ to: first });
        expect((await next.timeline()).map(({ action }) => action)).toContain("restore");
      }
      expect([...seen].sort()).toEqual([0, 1]);
    },
    60_000,
  );
});

it("leaves no checksum of another engine's savepoint for its own to be refused by", async () => {
  const { path, table, commit } = await create(6);
  const first = await commit(1);
  await table.savepoint({ user: "me", comment: "" });
  await writeFile(`${path}/.hoodie/.${first}.savepoint.crc`, "of the file that Spark wrote");
  await table.deleteSavepoint(first);
  expect(await savepointFiles(path)).toEqual([]);
});
