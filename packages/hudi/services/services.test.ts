import { readdir, readFile, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { decodeContainer, encodeContainer } from "../avro/container.ts";
import { CLEAN_METADATA } from "../avro/clean.ts";
import { ROLLBACK_PLAN } from "../avro/rollback.ts";
import { LocalStorage } from "../storage/local/storage.ts";
import { openTable } from "../table/create-table.ts";
import type { HudiTable } from "../table/table.ts";
import { useFixture } from "../testing/fixture.ts";
import { meterSql, meterTable } from "../testing/meter-table.ts";

const fixture = useFixture();
const storage = new LocalStorage();
let path = "";
let table: HudiTable;

beforeEach(async () => {
  path = fixture.path();
  table = await meterTable(storage, path);
});

const commit = (energy: number, of = table) =>
  of.commit({
    connection: fixture.connection,
    operation: "upsert",
    upserts: { sql: meterSql([{ device: "a", seq: 1, day: "d", energy_wh: energy }]) },
  });
const energies = async (of: HudiTable, asOf?: string) =>
  (await fixture.rows(`SELECT energy_wh::INT AS e FROM ${await of.snapshotSql(asOf ? { asOf } : {})}`)).map(
    (row) => row["e"],
  );
const baseFiles = async () => (await readdir(`${path}/d`)).filter((name) => name.endsWith(".parquet"));
const meta = async () => (await readdir(`${path}/.hoodie`)).sort();

/** Makes the newest commit look like that of a writer which died before it completed. */
async function unfinish(instant: string): Promise<void> {
  await storage.remove(`${path}/.hoodie/${instant}.commit`);
}

describe("rollback", () => {
  it("hides an unfinished commit, and the next writer takes all of it away and says so", async () => {
    const { instant: first } = await commit(1);
    const { instant: dead } = await commit(2);
    await unfinish(dead);
    const reader = await openTable(storage, path);
    expect(await energies(reader)).toEqual([1]);
    const { instant } = await commit(3, await openTable(storage, path));
    expect(await energies(await openTable(storage, path))).toEqual([3]);
    expect((await baseFiles()).filter((name) => name.includes(dead))).toEqual([]);
    expect((await meta()).filter((name) => name.startsWith(dead))).toEqual([]);
    const timeline = await (await openTable(storage, path)).timeline();
    expect(timeline.map((entry) => entry.action)).toEqual(["commit", "rollback", "commit"]);
    expect(timeline.map((entry) => entry.timestamp)).toEqual([first, timeline[1]?.timestamp, instant]);
    const name = `${path}/.hoodie/${timeline[1]?.timestamp}.rollback`;
    expect(await decodeContainer(await readFile(name), name)).toMatchObject({
      commitsRollback: [dead],
      totalFilesDeleted: 1,
      instantsRollback: [{ commitTime: dead, action: "commit" }],
    });
  });

  it("follows the plan of a rollback that died, even of another engine", async () => {
    await commit(1);
    const { instant: dead } = await commit(2);
    await unfinish(dead);
    const file = (await baseFiles()).find((name) => name.includes(dead));
    const plan = {
      instantToRollback: { commitTime: dead, action: "commit" },
      RollbackRequests: [
        {
          partitionPath: "d",
          fileId: "",
          latestBaseInstant: null,
          filesToBeDeleted: [`file:${path}/d/${file}`],
          logBlocksToBeDeleted: null,
        },
      ],
      version: 1,
    };
    await writeFile(
      `${path}/.hoodie/20990101000000000.rollback.requested`,
      await encodeContainer(ROLLBACK_PLAN, plan),
    );
    await commit(3, await openTable(storage, path));
    expect(await meta()).toContain("20990101000000000.rollback");
    expect((await baseFiles()).filter((name) => name.includes(dead))).toEqual([]);
  });

  it("does not follow a plan out of the table", async () => {
    await commit(1);
    const plan = {
      instantToRollback: { commitTime: "20260101000000000", action: "commit" },
      RollbackRequests: [
        {
          partitionPath: "",
          fileId: "",
          latestBaseInstant: null,
          filesToBeDeleted: [`${path}/../other.parquet`],
          logBlocksToBeDeleted: null,
        },
      ],
      version: 1,
    };
    await writeFile(
      `${path}/.hoodie/20990101000000000.rollback.requested`,
      await encodeContainer(ROLLBACK_PLAN, plan),
    );
    await expect(commit(2, await openTable(storage, path))).rejects.toMatchObject({
      code: "HUDI_PENDING_ACTION",
    });
  });

  it("leaves to its engine what only that can finish", async () => {
    await commit(1);
    await writeFile(`${path}/.hoodie/20990101000000000.replacecommit.requested`, "");
    await expect(commit(2)).rejects.toMatchObject({ code: "HUDI_PENDING_ACTION" });
    expect(await energies(table)).toEqual([1]);
  });
});

describe("clean", () => {
  it("deletes what the retained commits don't need, and no more", async () => {
    const instants: string[] = [];
    for (const energy of [1, 2, 3, 4, 5]) instants.push((await commit(energy)).instant);
    const wanted = { earliestRetained: instants[2], files: 2 };
    expect(await table.clean({ retainCommits: 3, dryRun: true })).toEqual({ instant: null, ...wanted });
    expect(await baseFiles()).toHaveLength(5);
    const { instant, ...rest } = await table.clean({ retainCommits: 3 });
    expect(rest).toEqual(wanted);
    expect(await baseFiles()).toHaveLength(3);
    const reader = await openTable(storage, path);
    expect(await energies(reader)).toEqual([5]);
    expect(await energies(reader, instants[2])).toEqual([3]);
    await expect(reader.snapshotSql({ asOf: instants[1] ?? "" })).rejects.toMatchObject({
      code: "HUDI_INSTANT_CLEANED",
    });
    const name = `${path}/.hoodie/${instant}.clean`;
    expect(CLEAN_METADATA.isValid(await decodeContainer(await readFile(name), name))).toBe(true);
    expect(await table.clean({ retainCommits: 3 })).toMatchObject({ instant: null, files: 0 });
  });

  it("keeps the version that held when the earliest retained commit was made", async () => {
    const { instant: first } = await commit(1);
    const other = { connection: fixture.connection, operation: "insert" as const };
    for (const seq of [1, 2, 3]) {
      await table.commit({
        ...other,
        upserts: { sql: meterSql([{ device: "b", seq, day: "e", energy_wh: seq }]) },
      });
    }
    await table.clean({ retainCommits: 1 });
    expect((await baseFiles()).map((name) => name.includes(first))).toEqual([true]);
    expect(await energies(table)).toEqual(expect.arrayContaining([1, 1, 2, 3]));
  });

  it("is carried out again when it died half way", async () => {
    for (const energy of [1, 2, 3]) await commit(energy);
    const { instant } = await table.clean({ retainCommits: 1 });
    await storage.remove(`${path}/.hoodie/${instant}.clean`);
    const next = await openTable(storage, path);
    await commit(4, next);
    await next.clean({ retainCommits: 2 });
    expect(await meta()).toContain(`${instant}.clean`);
    expect(await energies(await openTable(storage, path))).toEqual([4]);
  });

  it("is followed by a writer that was open before", async () => {
    for (const energy of [1, 2, 3]) await commit(energy);
    const other = await openTable(storage, path);
    await other.clean({ retainCommits: 1 });
    await commit(4);
    expect(await energies(other)).toEqual([4]);
    expect(await baseFiles()).toHaveLength(2);
  });
});
