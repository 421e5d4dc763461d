import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { ManualClock, SECOND_MS } from "@gridlake/kernel";
import { describe, expect, it } from "vitest";
import { LocalStorage } from "../../storage/local/storage.ts";
import { openTable } from "../../table/create-table.ts";
import type { HudiTable } from "../../table/table.ts";
import type { TableVersion } from "../../table/table-config.ts";
import { crashPoints } from "../../testing/crash-points.ts";
import { useFixture } from "../../testing/fixture.ts";
import { meterSql, meterTable } from "../../testing/meter-table.ts";
import type { CommitMetadata } from "../../timeline/commit-metadata.ts";

const LOCK_EXPIRY_MS = 60 * SECOND_MS;

const fixture = useFixture();
const storage = new LocalStorage();

async function create(version: TableVersion) {
  const path = fixture.path();
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const table = await meterTable(storage, path, { clock, version, type: "MERGE_ON_READ" });
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

const energies = async (of: HudiTable, asOf?: string) =>
  (
    await fixture.rows(
      `SELECT energy_wh::INT AS e FROM ${await of.snapshotSql(asOf === undefined ? {} : { asOf })} ORDER BY ALL`,
    )
  ).map((row) => row["e"]);
const logsIn = async (path: string) => (await readdir(path)).filter((name) => name.includes(".log.")).sort();

describe.each([6, 9] as const)("a restore of MERGE_ON_READ, version %i", (version) => {
  it("takes back delta commits, and goes back before and after a compaction", async () => {
    const { path, clock, table, commit } = await create(version);
    const instants: string[] = [];
    for (const energy of [1, 2, 3]) instants.push(await commit(energy));
    clock.advance(SECOND_MS);
    const compaction = await table.compact({ connection: fixture.connection });
    expect(compaction.instants).toHaveLength(1);
    for (const energy of [4, 5]) instants.push(await commit(energy));
    expect(await energies(table)).toEqual([5]);
    for (const [at, energy] of [
      [3, 4],
      [2, 3],
      [1, 2],
      [0, 1],
    ] as const) {
      const { removed } = await table.restore({ to: instants[at] ?? "" });
      expect(removed).not.toHaveLength(0);
      for (const one of [table, await openTable(storage, path, { clock })]) {
        expect(await energies(one)).toEqual([energy]);
      }
    }
    expect(await logsIn(`${path}/d`)).toEqual([]);
    await commit(6);
    await commit(7);
    expect(await energies(await openTable(storage, path, { clock }))).toEqual([7]);
  });

  it("that died anywhere is carried on by whoever comes next", async () => {
    const { path: made, clock, table, commit } = await create(version);
    const instants: string[] = [];
    for (const energy of [1, 2, 3]) instants.push(await commit(energy));
    clock.advance(SECOND_MS);
    await table.compact({ connection: fixture.connection });
    instants.push(await commit(4));
    let crashes = 0;
    const points = crashPoints({ table: made, path: () => fixture.path() }, async (dying, path) =>
      (await openTable(dying, path, { clock })).restore({ to: instants[1] ?? "" }),
    );
    for await (const { path } of points) {
      crashes += 1;
      clock.advance(LOCK_EXPIRY_MS);
      const next = await openTable(storage, path, { clock });
      expect([[2], [3], [4]]).toContainEqual(await energies(next));
      await commit(5, next);
      const reopened = await openTable(storage, path, { clock });
      for (const one of [next, reopened]) {
        expect(await energies(one)).toEqual([5]);
        expect(await energies(one, instants[1])).toEqual([2]);
      }
    }
    expect(crashes).toBeGreaterThan(20);
  }, 600_000);
});

it("takes back what an engine appended to a log file that earlier writes are in, for good", async () => {
  const { path, clock, commit } = await create(6);
  const first = await commit(1);
  const second = await commit(2);
  const third = await commit(3);
  // as on HDFS, where engines append: both in one file
  const [one = "", two = ""] = await logsIn(`${path}/d`);
  const before = await readFile(`${path}/d/${one}`);
  await writeFile(`${path}/d/${one}`, Buffer.concat([before, await readFile(`${path}/d/${two}`)]));
  await rm(`${path}/d/${two}`);
  const body = JSON.parse(String(await readFile(`${path}/.hoodie/${third}.deltacommit`))) as CommitMetadata;
  for (const stat of Object.values(body.partitionToWriteStats).flat()) {
    Object.assign(stat, { path: `d/${one}`, logFiles: [one], logOffset: before.length, logVersion: 1 });
  }
  await writeFile(`${path}/.hoodie/${third}.deltacommit`, JSON.stringify(body));

  const table = await openTable(storage, path, { clock });
  expect(await energies(table)).toEqual([3]);
  expect(await table.restore({ to: second, dryRun: true })).toMatchObject({ files: 0 });
  await table.restore({ to: second });
  expect(await energies(table)).toEqual([2]);
  expect(await logsIn(`${path}/d`)).toEqual([one, expect.stringContaining(".log.2_")]);
  // when the timeline has moved on, and all before it counts as committed
  for (const energy of [4, 5]) await commit(energy, table);
  await table.clean({ retainCommits: 1 });
  await table.archive({ minInstants: 1, maxInstants: 1 });
  expect((await table.timeline()).map(({ timestamp }) => timestamp)).not.toContain(first);
  expect(await energies(await openTable(storage, path, { clock }))).toEqual([5]);
  clock.advance(SECOND_MS);
  await table.compact({ connection: fixture.connection });
  expect(await energies(await openTable(storage, path, { clock }))).toEqual([5]);
});
