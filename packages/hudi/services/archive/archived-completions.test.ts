import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ManualClock, SECOND_MS } from "@gridlake/kernel";
import { expect, it } from "vitest";
import { LocalStorage } from "../../storage/local/storage.ts";
import { openTable } from "../../table/create-table.ts";
import type { HudiTable } from "../../table/table.ts";
import { useFixture } from "../../testing/fixture.ts";
import { meterSql, meterTable } from "../../testing/meter-table.ts";
import { formatInstant, instantMs } from "../../timeline/instant.ts";

const fixture = useFixture();
const storage = new LocalStorage();

const energies = async (of: HudiTable) =>
  (
    await fixture.rows(
      `SELECT energy_wh::INT AS e FROM ${await of.snapshotSql()} WHERE day = 'd' ORDER BY ALL`,
    )
  ).map((row) => row["e"]);

/** Gives an instant another timestamp wherever it stands, in names and in bodies. */
async function retime(path: string, from: string, to: string): Promise<void> {
  for (const name of await readdir(path, { recursive: true })) {
    if (!name.includes(from)) continue;
    const file = join(path, name);
    const text = (await readFile(file)).toString("latin1").replaceAll(from, to);
    await writeFile(file, Buffer.from(text, "latin1"));
    await rename(file, join(dirname(file), name.slice(name.lastIndexOf("/") + 1).replaceAll(from, to)));
  }
}

it("knows of an archived delta commit that it was complete only after the compaction that it began before", async () => {
  const path = fixture.path();
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const table = await meterTable(storage, path, { clock, version: 9, type: "MERGE_ON_READ" });
  const commit = async (energy: number, { day = "d", of = table } = {}) => {
    clock.advance(SECOND_MS);
    const { instant } = await of.commit({
      connection: fixture.connection,
      operation: "upsert",
      upserts: { sql: meterSql([{ device: "a", seq: 1, day, energy_wh: energy }]) },
    });
    return instant;
  };
  await commit(1);
  await commit(2);
  clock.advance(SECOND_MS);
  const { instants } = await table.compact({ connection: fixture.connection });
  const late = await commit(3);
  // as another engine writes, without a lock: begun before the compaction was planned, and complete long after
  const begun = formatInstant(instantMs(instants[0] ?? "") - 1);
  await retime(path, late, begun);

  const other = await openTable(storage, path, { clock });
  expect(await energies(other)).toEqual([3]);
  for (const energy of [1, 2, 3]) await commit(energy, { day: "e", of: other });
  await other.archive({ minInstants: 1, maxInstants: 1 });
  expect((await other.timeline()).some(({ timestamp }) => timestamp <= begun)).toBe(false);
  for (const one of [other, await openTable(storage, path, { clock })]) {
    expect(await energies(one)).toEqual([3]);
    await one.clean({ retainCommits: 1 });
    expect(await energies(one)).toEqual([3]);
  }
  clock.advance(SECOND_MS);
  await other.compact({ connection: fixture.connection });
  expect(await energies(await openTable(storage, path, { clock }))).toEqual([3]);
});
