import { beforeEach, describe, expect, it } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { openTable } from "../table/create-table.ts";
import type { HudiTable } from "../table/table.ts";
import type { TableDefinition } from "../table/table-config.ts";
import { useFixture } from "../testing/fixture.ts";
import { type MeterRow, meterSql, meterTable } from "../testing/meter-table.ts";
import type { Operation } from "./change.ts";

const fixture = useFixture();
const SHAPES: Partial<TableDefinition>[] = [
  { type: "COPY_ON_WRITE", version: 6 },
  { type: "COPY_ON_WRITE", version: 9 },
  { type: "MERGE_ON_READ", version: 6 },
  { type: "MERGE_ON_READ", version: 9 },
];

const row = (device: string, energy_wh: number, day: string | null): MeterRow => ({
  device,
  seq: 1,
  day,
  energy_wh,
});

const rowsOf = async (sql: string) =>
  (await fixture.rows(`SELECT * FROM ${sql}`))
    .map(({ device, energy_wh, day }) => `${device} ${energy_wh} ${day}`)
    .sort();

describe.for(SHAPES)("%j", (shape) => {
  let path = "";
  let table: HudiTable;
  /** When the rows were complete that every test begins with; one of them has been changed. */
  let before = "";

  beforeEach(async () => {
    path = fixture.path();
    table = await meterTable(new LocalStorage(), path, shape);
    await write("insert", [row("a", 1, "d1"), row("b", 1, "d1"), row("c", 1, "d/2"), row("d", 1, null)]);
    await write("upsert", [row("a", 2, "d1")]);
    before = (await table.timeline()).at(-1)?.completedAt ?? "";
  });

  const write = (operation: Operation, rows: MeterRow[], into = table) =>
    into.commit({ connection: fixture.connection, operation, upserts: { sql: meterSql(rows) } });
  /** By the object in use, and by a new one. */
  const rows = async () => {
    const found = await rowsOf(await table.snapshotSql());
    expect(await rowsOf(await (await openTable(new LocalStorage(), path)).snapshotSql())).toEqual(found);
    return found;
  };

  it("puts rows in place of all that is in their partitions, and of nothing else", async () => {
    const { stats } = await write("insert_overwrite", [row("x", 9, "d1"), row("y", 9, "d9")]);
    expect(stats).toMatchObject({ inserts: 2, updates: 0, deletes: 0, files: 2 });
    expect(await rows()).toEqual(["c 1 d/2", "d 1 null", "x 9 d1", "y 9 d9"]);
    expect(await rowsOf(await table.snapshotSql({ asOf: before }))).toContain("a 2 d1");
  });

  it("puts rows in place of all that is in the table", async () => {
    await write("insert_overwrite_table", [row("x", 9, "d1")]);
    expect(await rows()).toEqual(["x 9 d1"]);
    await write("insert_overwrite_table", []);
    expect(await rows()).toEqual([]);
  });

  it("takes partitions away, and passes over what is not there", async () => {
    const extraMetadata = { why: "too old" };
    const { instant, ...counts } = await table.deletePartitions(["d1", null, "d7"], { extraMetadata });
    expect(counts).toEqual({ partitions: 2, fileGroups: 2 });
    expect(await rows()).toEqual(["c 1 d/2"]);
    const entry = (await table.timeline()).find((one) => one.timestamp === instant);
    expect(entry?.action).toBe("replacecommit");
    expect(await entry?.metadata()).toMatchObject({
      operationType: "DELETE_PARTITION",
      extraMetadata,
      partitionToReplaceFileIds: { d1: [expect.any(String)] },
    });
  });

  it("goes on with what came in place", async () => {
    await write("insert_overwrite", [row("x", 9, "d1")]);
    await write("upsert", [row("x", 10, "d1"), row("a", 3, "d1")]);
    expect(await rows()).toEqual(["a 3 d1", "c 1 d/2", "d 1 null", "x 10 d1"]);
    await table.clean({ retainCommits: 1 });
    expect(await rows()).toEqual(["a 3 d1", "c 1 d/2", "d 1 null", "x 10 d1"]);
  });

  it("takes no deletes, and none away from a table without partitions", async () => {
    const deletes = { sql: "SELECT 'a' AS device, 1::BIGINT AS seq, 'd1' AS day" };
    const refused = { code: "HUDI_OPERATION" };
    const { connection } = fixture;
    await expect(table.commit({ connection, operation: "insert_overwrite", deletes })).rejects.toMatchObject(
      refused,
    );
    const upserts = { sql: meterSql([]) };
    await expect(
      table.commit({ connection, operation: "insert_overwrite_table", upserts, deletes }),
    ).rejects.toMatchObject(refused);
    const whole = await meterTable(new LocalStorage(), fixture.path(), { ...shape, partition: null });
    await expect(whole.deletePartitions(["d1"])).rejects.toMatchObject(refused);
  });
});
