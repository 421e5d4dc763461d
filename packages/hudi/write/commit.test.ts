import { readdir } from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { openTable } from "../table/create-table.ts";
import type { HudiTable } from "../table/table.ts";
import { useFixture } from "../testing/fixture.ts";
import { METER_COLUMNS, type MeterRow, meterSql, meterTable } from "../testing/meter-table.ts";
import type { CommitOptions } from "./commit.ts";

const fixture = useFixture();
const storage = new LocalStorage();
let path = "";
let table: HudiTable;

beforeEach(async () => {
  path = fixture.path();
  table = await meterTable(storage, path);
});

const row = (
  device: string,
  seq: number,
  energy = seq * 10,
  day: string | null = "2026-01-01",
): MeterRow => ({
  device,
  seq,
  day,
  energy_wh: energy,
});

function write(
  operation: CommitOptions["operation"],
  upserts: MeterRow[],
  deletes?: Omit<MeterRow, "energy_wh">[],
) {
  return table.commit({
    connection: fixture.connection,
    operation,
    upserts: { sql: meterSql(upserts) },
    ...(deletes && {
      deletes: {
        sql: `SELECT device, seq, day FROM (${meterSql(deletes.map((one) => ({ ...one, energy_wh: 0 })))})`,
      },
    }),
  });
}

const gone = (device: string, seq: number) => ({ device, seq, day: "2026-01-01" });

const stored = async (of = table) =>
  (await fixture.rows(`SELECT * FROM ${await of.snapshotSql()} ORDER BY day, device, seq`)).map((one) =>
    [one["device"], one["seq"], one["day"], one["energy_wh"]].join(" "),
  );

const ordered = () => meterTable(storage, fixture.path(), { ordering: "energy_wh" });

const refuse = (sql: string) =>
  table.commit({ connection: fixture.connection, operation: "upsert", upserts: { sql } });

const many = (from: number, count: number) =>
  `SELECT 'm' || (i % 7) AS device, i AS seq, '2026-01-01' AS day, hash(i)::HUGEINT % 1000000 AS energy_wh
   FROM range(${from}, ${from + count}) r(i)`;
const files = async () =>
  (
    await fixture.rows(`SELECT DISTINCT _hoodie_file_name AS f
  FROM ${await table.snapshotSql({ columns: ["_hoodie_file_name"] })}`)
  ).length;

describe("rows", () => {
  it("gives back what was committed, to the writer and to any other process", async () => {
    const { stats } = await write("insert", [
      row("a", 1),
      row("b", 2, 7, "2026-01-02"),
      row("c", 3, 8, null),
    ]);
    expect(stats).toMatchObject({ inserts: 3, updates: 0, deletes: 0, files: 3 });
    const expected = ["a 1 2026-01-01 10", "b 2 2026-01-02 7", "c 3  8"];
    expect(await stored()).toEqual(expected);
    expect(await stored(await openTable(storage, path))).toEqual(expected);
    expect((await readdir(path)).sort()).toEqual([
      ".hoodie",
      "2026-01-01",
      "2026-01-02",
      "__HIVE_DEFAULT_PARTITION__",
    ]);
  });

  it("updates, inserts and deletes in one commit", async () => {
    await write("insert", [row("a", 1), row("a", 2), row("b", 1), row("b", 1, 5, "2026-01-02")]);
    const { stats } = await write("upsert", [row("a", 1, 99), row("c", 1, 3)], [gone("b", 1)]);
    expect(stats).toMatchObject({ inserts: 1, updates: 1, deletes: 1, files: 1 });
    expect(await stored()).toEqual([
      "a 1 2026-01-01 99",
      "a 2 2026-01-01 20",
      "c 1 2026-01-01 3",
      "b 1 2026-01-02 5",
    ]);
  });

  it("holds the upsert of a key that is also deleted, and passes over deletes of unknown keys", async () => {
    await write("insert", [row("a", 1), row("a", 2)]);
    const { stats } = await write("upsert", [row("a", 1, 7)], [gone("a", 1), gone("x", 9)]);
    expect(stats).toMatchObject({ updates: 1, deletes: 0 });
    expect(await stored()).toEqual(["a 1 2026-01-01 7", "a 2 2026-01-01 20"]);
  });

  it("deletes and inserts a key anew in one insert commit", async () => {
    await write("insert", [row("a", 1)]);
    await write("insert", [row("a", 1, 5)], [gone("a", 1)]);
    expect(await stored()).toEqual(["a 1 2026-01-01 5"]);
  });

  it("can delete every row of a file, and go on", async () => {
    await write("insert", [row("a", 1)]);
    await write("upsert", [], [gone("a", 1)]);
    expect(await stored()).toEqual([]);
    await write("upsert", [row("a", 1, 4)]);
    expect(await stored()).toEqual(["a 1 2026-01-01 4"]);
  });

  it("moves a row to another partition by deleting it from the old one", async () => {
    await write("insert", [row("a", 1)]);
    await write("upsert", [row("a", 1, 6, "2026-01-09")], [gone("a", 1)]);
    expect(await stored()).toEqual(["a 1 2026-01-09 6"]);
  });

  it("keeps a commit of nothing, for the sake of its metadata", async () => {
    const { instant, stats } = await table.commit({
      connection: fixture.connection,
      operation: "upsert",
      extraMetadata: { offsets: "7" },
    });
    expect(stats.files).toBe(0);
    const [only] = await table.timeline();
    expect(only).toMatchObject({ timestamp: instant, action: "commit" });
    expect((await only?.metadata())?.extraMetadata).toMatchObject({ offsets: "7" });
  });

  it("writes the meta columns as Hudi does: copied rows keep their commit, all name their file", async () => {
    const first = await write("insert", [row("a", 1), row("a", 2)]);
    const second = await write("upsert", [row("a", 2, 1)]);
    const columns = [
      "_hoodie_commit_time",
      "_hoodie_record_key",
      "_hoodie_partition_path",
      "_hoodie_file_name",
      "seq",
    ];
    const rows = await fixture.rows(`SELECT * FROM ${await table.snapshotSql({ columns })} ORDER BY seq`);
    const file = (await readdir(`${path}/2026-01-01`)).find((name) => name.includes(second.instant));
    const common = { _hoodie_partition_path: "2026-01-01", _hoodie_file_name: file };
    expect(rows).toEqual([
      { ...common, _hoodie_commit_time: first.instant, _hoodie_record_key: "device:a,seq:1", seq: "1" },
      { ...common, _hoodie_commit_time: second.instant, _hoodie_record_key: "device:a,seq:2", seq: "2" },
    ]);
  });
});

describe("ordering", () => {
  it("keeps the higher, and on a tie the incoming", async () => {
    table = await ordered();
    await write("insert", [row("a", 1, 5), row("b", 1, 5), row("c", 1, 5)]);
    const { instant, stats } = await write("upsert", [row("a", 1, 4), row("b", 1, 5), row("c", 1, 6)]);
    expect(stats).toMatchObject({ inserts: 0, updates: 2 });
    expect(await stored()).toEqual(["a 1 2026-01-01 5", "b 1 2026-01-01 5", "c 1 2026-01-01 6"]);
    const newer = await fixture.rows(
      `SELECT device FROM ${await table.snapshotSql({ columns: ["device", "_hoodie_commit_time"] })}
       WHERE _hoodie_commit_time = '${instant}' ORDER BY 1`,
    );
    expect(newer).toEqual([{ device: "b" }, { device: "c" }]);
  });

  it("combines the rows of one key in the source", async () => {
    table = await ordered();
    await write("upsert", [row("a", 1, 5), row("a", 1, 9), row("a", 1, 7), row("a", 1, 3, "2026-01-02")]);
    expect(await stored()).toEqual(["a 1 2026-01-01 9", "a 1 2026-01-02 3"]);
  });

  it("refuses several rows of one key when nothing tells which holds", async () => {
    await expect(write("upsert", [row("a", 1), row("a", 1)])).rejects.toMatchObject({
      code: "HUDI_KEY_DUPLICATE",
    });
  });
});

describe("the caller's connection", () => {
  it("sees the caller's uncommitted rows, and leaves the transaction and nothing else", async () => {
    const { connection } = fixture;
    await connection.run(`CREATE OR REPLACE TABLE source AS ${meterSql([row("a", 1)])}`);
    await connection.run("BEGIN");
    await connection.run("UPDATE source SET energy_wh = 77");
    await table.commit({ connection, operation: "insert", upserts: { sql: "FROM source -- the caller's" } });
    await connection.run("ROLLBACK");
    expect(await stored()).toEqual(["a 1 2026-01-01 77"]);
    expect(await fixture.rows("SELECT energy_wh FROM source")).toEqual([{ energy_wh: "10" }]);
    const left = await connection.runAndReadAll("SELECT table_name FROM duckdb_tables() WHERE temporary");
    expect(left.getRows()).toEqual([]);
  });

  it("can be refused within a transaction without hiding the reason", async () => {
    const { connection } = fixture;
    await connection.run("BEGIN");
    await expect(
      table.commit({ connection, operation: "insert", upserts: { sql: "SELECT * FROM no_such_table" } }),
    ).rejects.toMatchObject({
      code: "HUDI_SOURCE_FAILED",
      message: expect.stringContaining("no_such_table"),
    });
    await connection.run("ROLLBACK");
    expect(await table.timeline()).toEqual([]);
  });
});

describe("refusals", () => {
  const one = meterSql([row("a", 1)]);

  it.each([
    ["a column of another type", `SELECT * REPLACE (1.5 AS seq) FROM (${one})`, "HUDI_COLUMN_TYPE"],
    ["text for a number", `SELECT * REPLACE ('1' AS seq) FROM (${one})`, "HUDI_COLUMN_TYPE"],
    ["a column too many", `SELECT *, 1 AS more FROM (${one})`, "HUDI_COLUMN_UNKNOWN"],
    ["a column too few", `SELECT device, seq, day FROM (${one})`, "HUDI_COLUMN_MISSING"],
    ["a null key", `SELECT * REPLACE (NULL::BIGINT AS seq) FROM (${one})`, "HUDI_KEY_NULL"],
    [
      "a partition that can't be a folder",
      `SELECT * REPLACE ('..' AS day) FROM (${one})`,
      "HUDI_PARTITION_VALUE",
    ],
    [
      "a HUGEINT beyond BIGINT",
      `SELECT * REPLACE (1e20::HUGEINT AS energy_wh) FROM (${one})`,
      "HUDI_SOURCE_FAILED",
    ],
  ])("refuses %s, and leaves no instant", async (_, sql, code) => {
    await expect(refuse(sql)).rejects.toMatchObject({ code });
    expect(await table.timeline()).toEqual([]);
  });

  it("takes a sum, which is HUGEINT, exactly", async () => {
    await refuse(
      `SELECT device, seq, day, sum(energy_wh) AS energy_wh FROM (${meterSql([row("a", 1, 2 ** 53)])}) GROUP BY ALL`,
    );
    expect(await stored()).toEqual(["a 1 2026-01-01 9007199254740992"]);
  });

  it("refuses an empty text as the only key column, and a null in a column that requires values", async () => {
    table = await meterTable(storage, fixture.path(), {
      recordKey: ["device"],
      columns: METER_COLUMNS.map((column) =>
        column.name === "energy_wh" ? { ...column, nullable: false } : column,
      ),
    });
    await expect(write("insert", [row("", 1)])).rejects.toMatchObject({ code: "HUDI_KEY_NULL" });
    await expect(write("insert", [{ ...row("a", 1), energy_wh: null }])).rejects.toMatchObject({
      code: "HUDI_COLUMN_NULL",
    });
  });

  it("keeps the table's own key of the metadata", async () => {
    const options = {
      connection: fixture.connection,
      operation: "insert" as const,
      extraMetadata: { schema: "{}" },
    };
    await expect(table.commit(options)).rejects.toMatchObject({ code: "HUDI_METADATA_KEY" });
  });
});

describe("files", () => {
  it("packs small inserts into one file, and bulk inserts into new ones", async () => {
    for (let i = 0; i < 5; i += 1) {
      await table.commit({
        connection: fixture.connection,
        operation: "insert",
        upserts: { sql: many(i * 10, 10) },
      });
    }
    expect(await files()).toBe(1);
    await table.commit({
      connection: fixture.connection,
      operation: "bulk_insert",
      upserts: { sql: many(50, 10) },
    });
    expect(await files()).toBe(2);
    expect(await stored()).toHaveLength(60);
  });

  it("splits what is too large for one file, losing and doubling nothing", async () => {
    const sizing = { maxFileBytes: 200_000, smallFileBytes: 50_000 };
    const options = { connection: fixture.connection, operation: "upsert" as const, sizing };
    await table.commit({ ...options, upserts: { sql: many(0, 50_000) } });
    await table.commit({ ...options, upserts: { sql: many(40_000, 50_000) } });
    expect(await files()).toBeGreaterThan(3);
    const [sum] = await fixture.rows(
      `SELECT count(*)::INT AS n, count(DISTINCT seq)::INT AS d, max(seq)::INT AS last FROM ${await table.snapshotSql()}`,
    );
    expect(sum).toEqual({ n: 90_000, d: 90_000, last: 89_999 });
  });

  it("leaves alone the files whose keys are out of range", async () => {
    const options = { connection: fixture.connection, operation: "bulk_insert" as const };
    for (let i = 0; i < 3; i += 1) await table.commit({ ...options, upserts: { sql: many(i * 1000, 1000) } });
    const reopened = await openTable(storage, path);
    const { stats } = await reopened.commit({
      connection: fixture.connection,
      operation: "upsert",
      upserts: { sql: many(1500, 10) },
    });
    expect(stats).toMatchObject({ updates: 10, inserts: 0, files: 1 });
  });
});
