import { describe, expect, it } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { useFixture } from "../testing/fixture.ts";
import { createTable, openTable } from "./create-table.ts";
import type { HudiTable } from "./table.ts";
import type { TableType, TableVersion } from "./table-config.ts";

const fixture = useFixture();
const storage = new LocalStorage();

const COLUMNS = [
  { name: "id", type: "INTEGER", nullable: false },
  { name: "day", type: "VARCHAR" },
  { name: "ts", type: "INTEGER", nullable: false },
  { name: "f", type: "FLOAT" },
  { name: "d", type: "DECIMAL(8,2)" },
];
const CHANGE = {
  add: [{ name: "note", type: "STRUCT(a VARCHAR, b INTEGER[])" }],
  widen: { id: "BIGINT", ts: "BIGINT", f: "DOUBLE", d: "DECIMAL(9,2)" },
  nullable: ["ts"],
};
/** A row as it was written. */
const old = (id: number, day: string) => ({ id, day, ts: 1, f: Math.fround(1.1), d: "2.25" });
const BIG = 5_000_000_000;

async function make(type: TableType, version: TableVersion): Promise<{ table: HudiTable; path: string }> {
  const path = fixture.path();
  const table = await createTable(storage, path, {
    name: "t",
    type,
    version,
    columns: COLUMNS,
    recordKey: ["id"],
    partition: "day",
    ordering: "ts",
  });
  const values = ["(1, 'p', 1)", "(2, 'p', 1)", "(3, 'q', 1)"];
  const sql = `SELECT id, day, ts, 1.1::FLOAT AS f, 2.25::DECIMAL(8,2) AS d FROM (VALUES ${values.join(", ")}) v(id, day, ts)`;
  await table.commit({ connection: fixture.connection, operation: "insert", upserts: { sql } });
  return { table, path };
}

const upsert = (table: HudiTable, rows: readonly string[]) =>
  table.commit({
    connection: fixture.connection,
    operation: "upsert",
    upserts: {
      sql: `SELECT id::BIGINT AS id, day, ts::BIGINT AS ts, f::DOUBLE AS f, d::DECIMAL(9,2) AS d, note FROM (VALUES ${rows.join(", ")}) v(id, day, ts, f, d, note)`,
    },
  });
const NEW = { f: 2.2, d: "1234567.89", note: { a: "x", b: [1, null] } };
const newSql = (id: number, day: string, ts: number) =>
  `(${id}, '${day}', ${ts}, 2.2, 1234567.89, {'a': 'x', 'b': [1, NULL]})`;
const read = (relation: string) => fixture.rows(`SELECT * FROM ${relation} ORDER BY id`);
/** The same as it is seen through the new columns: 1.1 is still 1.1. */
const seen = (id: number, day: string) => ({ id: String(id), day, ts: "1", f: 1.1, d: "2.25", note: null });
const fresh = (id: number, day: string, ts: number) => ({ id: String(id), day, ts: String(ts), ...NEW });

describe.each<[TableType, TableVersion]>([
  ["COPY_ON_WRITE", 6],
  ["COPY_ON_WRITE", 9],
  ["MERGE_ON_READ", 6],
  ["MERGE_ON_READ", 9],
])("a %s table of version %i", (type, version) => {
  it("reads its old rows in its new columns, and writes both as new ones", async () => {
    const { table, path } = await make(type, version);
    const before = (await table.timeline()).at(-1);
    const { instant, columns } = await table.evolve(CHANGE);
    expect(columns.map((column) => [column.name, column.type, column.nullable])).toEqual([
      ["id", "BIGINT", false],
      ["day", "VARCHAR", true],
      ["ts", "BIGINT", true],
      ["f", "DOUBLE", true],
      ["d", "DECIMAL(9,2)", true],
      ["note", 'STRUCT("a" VARCHAR, "b" INTEGER[])', true],
    ]);
    expect(table.schema()).toEqual(columns);
    expect(await table.evolve(CHANGE).catch((error: Error) => error)).toMatchObject({
      code: "HUDI_SCHEMA_EVOLUTION",
    });
    expect((await table.evolve({ widen: { id: "BIGINT" } })).instant).toBeNull();

    const other = await openTable(storage, path);
    const same = [seen(1, "p"), seen(2, "p"), seen(3, "q")];
    for (const one of [table, other]) expect(await read(await one.snapshotSql())).toEqual(same);
    expect(await read(await other.snapshotSql({ filters: [["f", "=", 1.1]] }))).toEqual(same);
    expect(await read(await other.snapshotSql({ filters: [["note", "is not null"]] }))).toEqual([]);

    // a row of an old file, one of them too old itself, and one whose key and order only the new types hold
    await upsert(other, [newSql(1, "p", 7), newSql(2, "p", 0), newSql(BIG, "p", BIG)]);
    const now = [fresh(1, "p", 7), seen(2, "p"), seen(3, "q"), fresh(BIG, "p", BIG)];
    for (const one of [table, other]) expect(await read(await one.snapshotSql())).toEqual(now);
    await upsert(other, [newSql(BIG, "p", BIG + 1)]);
    now[3] = fresh(BIG, "p", BIG + 1);
    expect(await read(await table.snapshotSql())).toEqual(now);
    expect(await read(await table.incrementalSql({ after: instant ?? "" }))).toEqual([now[0], now[3]]);
    const changes = `SELECT _hoodie_change AS c, before.id AS b, after.id AS a FROM ${await table.changesSql({ after: instant ?? "" })} ORDER BY a`;
    expect(await fixture.rows(changes)).toEqual([
      { c: "U", b: "1", a: "1" },
      { c: "I", b: null, a: String(BIG) },
    ]);

    // as of then, in the columns of then
    expect(await read(await other.snapshotSql({ asOf: before?.timestamp ?? "" }))).toEqual([
      old(1, "p"),
      old(2, "p"),
      old(3, "q"),
    ]);
    await expect(
      other.snapshotSql({ asOf: before?.timestamp ?? "", columns: ["note"] }),
    ).rejects.toMatchObject({ code: "HUDI_COLUMN_MISSING" });

    if (type === "MERGE_ON_READ") {
      const { instants } = await table.compact({
        connection: fixture.connection,
        schedule: { minLogFiles: 1 },
      });
      expect(instants).toHaveLength(1);
      expect(await read(await (await openTable(storage, path)).snapshotSql())).toEqual(now);
    }
    await table.cluster({ connection: fixture.connection });
    expect(await read(await (await openTable(storage, path)).snapshotSql())).toEqual(now);
  });
});

it("knows from a file itself what it was written under, once its commit is archived", async () => {
  const { table, path } = await make("COPY_ON_WRITE", 6);
  await table.evolve(CHANGE);
  for (let ts = 1; ts < 6; ts += 1) await upsert(table, [newSql(1, "p", ts)]);
  await table.archive({ minInstants: 2, maxInstants: 2 });
  const other = await openTable(storage, path);
  expect((await other.timeline()).length).toBe(2);
  expect(await read(await other.snapshotSql())).toEqual([fresh(1, "p", 5), seen(2, "p"), seen(3, "q")]);
});

it("is a commit as Spark's ALTER TABLE makes it", async () => {
  const { table } = await make("COPY_ON_WRITE", 6);
  const { instant } = await table.evolve({ ...CHANGE, extraMetadata: { why: "wider" } });
  const entry = (await table.timeline()).at(-1);
  expect(entry).toMatchObject({ timestamp: instant, action: "commit" });
  expect(await entry?.metadata()).toMatchObject({
    operationType: "ALTER_SCHEMA",
    partitionToWriteStats: {},
    extraMetadata: { why: "wider" },
  });
});
