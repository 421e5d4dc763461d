import { readdir, readFile, writeFile } from "node:fs/promises";
import avsc from "avsc";
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
const completed = async () =>
  (await (await openTable(storage, path)).timeline()).map((entry) => entry.timestamp);
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
    await writeFile(`${path}/.hoodie/20990101000000000.indexing.requested`, "");
    await expect(commit(2)).rejects.toMatchObject({ code: "HUDI_PENDING_ACTION" });
    expect(await energies(table)).toEqual([1]);
  });
});

describe("clean", () => {
  it("deletes what the retained commits don't need, and no more", async () => {
    const instants: string[] = [];
    for (const energy of [1, 2, 3, 4, 5]) instants.push((await commit(energy)).instant);
    const wanted = { earliestRetained: instants[2], files: 2 };
    const planned = await table.clean({ retainCommits: 3, dryRun: true });
    expect(planned).toMatchObject({ instant: null, ...wanted, partitions: [] });
    expect(await baseFiles()).toHaveLength(5);
    const { instant, ...rest } = await table.clean({ retainCommits: 3 });
    expect({ ...rest, instant: null }).toEqual(planned);
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

/** Reads an archive file by its layout alone: the records of its blocks, by the schema in their header. */
function archivedEntries(bytes: Buffer): Record<string, unknown>[] {
  const entries: Record<string, unknown>[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at;
    const u32 = () => bytes.readUInt32BE((at += 4) - 4);
    const u64 = () => Number(bytes.readBigUInt64BE((at += 8) - 8));
    const take = (length: number) => bytes.subarray(at, (at += length));
    expect(String(take(6))).toBe("#HUDI#");
    const length = u64();
    expect(length).toBe(bytes.length - at);
    expect([u32(), u32(), u32(), u32()]).toEqual([1, 3, 1, 2]); // format, Avro data, one header: the schema
    const type = avsc.Type.forSchema(JSON.parse(String(take(u32()))) as avsc.Schema, { wrapUnions: "never" });
    const end = u64() + at;
    expect(u32()).toBe(3);
    for (let left = u32(); left > 0; left -= 1)
      entries.push(type.fromBuffer(take(u32())) as Record<string, unknown>);
    expect(at).toBe(end);
    expect(u32()).toBe(0);
    expect(u64()).toBe(at - 8 - start);
  }
  return entries;
}

describe("archive", () => {
  it("takes the oldest instants from the active timeline, writes down what they did, and changes no row", async () => {
    await table.commit({
      connection: fixture.connection,
      operation: "insert",
      upserts: { sql: meterSql([{ device: "old", seq: 1, day: "old", energy_wh: 100 }]) },
    });
    const instants: string[] = [];
    for (const energy of [1, 2, 3, 4, 5]) instants.push((await commit(energy)).instant);
    expect(await table.archive({ minInstants: 2, maxInstants: 6 })).toMatchObject({ instants: 0 });
    expect(await table.archive({ minInstants: 2, maxInstants: 2, dryRun: true })).toMatchObject({
      instants: 4,
    });
    expect(await table.archive({ minInstants: 2, maxInstants: 2 })).toMatchObject({ instants: 4 });
    expect(await completed()).toEqual(instants.slice(-2));
    expect((await meta()).filter((name) => name.startsWith(instants[0] ?? ""))).toEqual([]);
    for (const reader of [table, await openTable(storage, path)]) {
      expect((await energies(reader)).sort()).toEqual([100, 5]);
      expect((await energies(reader, instants[3])).sort()).toEqual([100, 4]);
    }
    const [file] = await readdir(`${path}/.hoodie/archived`);
    expect(file).toBe(".commits_.archive.1_1-0-1");
    const entries = archivedEntries(await readFile(`${path}/.hoodie/archived/${file}`));
    expect(entries).toHaveLength(12);
    expect(entries.at(-1)).toMatchObject({
      commitTime: instants[2],
      actionType: "commit",
      actionState: "COMPLETED",
      hoodieCommitMetadata: {
        operationType: "UPSERT",
        partitionToWriteStats: { d: [{ numUpdateWrites: 1 }] },
      },
    });
    await commit(6);
    expect((await energies(await openTable(storage, path))).sort()).toEqual([100, 6]);
  });

  it("keeps the clean that tells from when on the table can be read as it was", async () => {
    const instants: string[] = [];
    for (const energy of [1, 2, 3, 4]) instants.push((await commit(energy)).instant);
    const { instant: clean } = await table.clean({ retainCommits: 2 });
    await commit(5);
    await commit(6);
    await table.archive({ minInstants: 1, maxInstants: 1 });
    expect(await completed()).toContain(clean);
    await expect(table.snapshotSql({ asOf: instants[1] ?? "" })).rejects.toMatchObject({
      code: "HUDI_INSTANT_CLEANED",
    });
    expect(await energies(table, instants[2])).toEqual([3]);
  });

  it("stops at what is unfinished or saved", async () => {
    for (const energy of [1, 2, 3]) await commit(energy);
    await writeFile(`${path}/.hoodie/20000101000000000.savepoint`, "");
    expect(await table.archive({ minInstants: 1, maxInstants: 1 })).toMatchObject({ instants: 0 });
  });

  it("hides no row from a reader while it goes on", async () => {
    for (let energy = 1; energy <= 30; energy += 1) {
      await table.commit({
        connection: fixture.connection,
        operation: "bulk_insert",
        upserts: { sql: meterSql([{ device: "a", seq: energy, day: "d", energy_wh: energy }]) },
      });
    }
    const reader = await openTable(storage, path);
    const state = { archiving: true };
    const reading = (async () => {
      const seen = new Set<number>();
      while (state.archiving) seen.add((await reader.snapshotSql()).split(".parquet").length - 1);
      return seen;
    })();
    for (let keep = 29; keep > 0; keep -= 4) await table.archive({ minInstants: keep, maxInstants: keep });
    state.archiving = false;
    expect([...(await reading)]).toEqual([30]);
  });
});
