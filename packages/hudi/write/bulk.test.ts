import { mkdir, readdir, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { createTable, openTable } from "../table/create-table.ts";
import { thisProcess } from "../table/process-identity.ts";
import type { HudiTable } from "../table/table.ts";
import { useFixture } from "../testing/fixture.ts";
import { METER_COLUMNS, meterTable } from "../testing/meter-table.ts";
import type { FileSizing } from "./pack.ts";

const fixture = useFixture();
const storage = new LocalStorage();
let path = "";
let table: HudiTable;

beforeEach(async () => {
  path = fixture.path();
  table = await meterTable(storage, path);
});

const bulk = (sql: string, sizing: FileSizing = {}) =>
  table.commit({ connection: fixture.connection, operation: "bulk_insert", upserts: { sql }, sizing });

const rows = async (columns = "*") =>
  fixture.rows(`SELECT ${columns} FROM ${await table.snapshotSql()} ORDER BY ALL`);
const readings = (count: number, day = "'2026-01-01'") =>
  `SELECT 'm' || i % 7 AS device, i AS seq, ${day} AS day, i * 3 AS energy_wh FROM range(${count}) r(i)`;
const named = (from: number, count: number) =>
  `SELECT 'größe ' || (i + ${from}) AS device, i AS seq, 'd' || i % 6 AS day, i AS energy_wh FROM range(${count}) r(i)`;
const temporary = async () =>
  (await readdir(`${path}/.hoodie/.temp`).catch(() => [])).filter((name) => name.startsWith("scratch-"));

describe("rows", () => {
  it("go into a file of their partition, whatever its value, as the source gives them", async () => {
    const day =
      "CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN 'a/b=c' WHEN 2 THEN 'é''\"' WHEN 3 THEN '100%' ELSE 'x y' END";
    const { stats } = await bulk(readings(100, day));
    expect(stats).toMatchObject({ inserts: 100, updates: 0, deletes: 0, files: 5 });
    expect(await rows("device, seq, day, energy_wh")).toEqual(
      await fixture.rows(`SELECT * FROM (${readings(100, day)}) ORDER BY ALL`),
    );
    const folders = await fixture.rows(
      `SELECT DISTINCT day, _hoodie_partition_path AS path FROM ${await table.snapshotSql({ columns: ["day", "_hoodie_partition_path"] })} ORDER BY 1`,
    );
    expect(folders).toEqual([
      { day: "100%", path: "100%25" },
      { day: "a/b=c", path: "a%2Fb%3Dc" },
      { day: "x y", path: "x y" },
      { day: "é'\"", path: "é'\"".replace("'", "%27").replace('"', "%22") },
      { day: null, path: "__HIVE_DEFAULT_PARTITION__" },
    ]);
  });

  it("carry the meta columns that Hudi gives them, each with a number of its own", async () => {
    const { instant } = await bulk(readings(3000, "'d' || i % 3"));
    const columns = [
      "_hoodie_commit_time",
      "_hoodie_commit_seqno",
      "_hoodie_record_key",
      "_hoodie_partition_path",
      "_hoodie_file_name",
      "device",
      "seq",
      "day",
    ];
    const [all] = await fixture.rows(
      `SELECT count(*)::INT AS n, count(DISTINCT _hoodie_commit_seqno)::INT AS seqnos,
         bool_and(_hoodie_commit_time = '${instant}') AS times, bool_and(_hoodie_record_key = 'device:' || device || ',seq:' || seq) AS keys,
         bool_and(_hoodie_partition_path = day) AS paths, bool_and(starts_with(_hoodie_commit_seqno, '${instant}_')) AS prefixes
       FROM ${await table.snapshotSql({ columns })}`,
    );
    expect(all).toEqual({ n: 3000, seqnos: 3000, times: true, keys: true, paths: true, prefixes: true });
    const names = await fixture.rows(
      `SELECT DISTINCT _hoodie_partition_path || '/' || _hoodie_file_name AS name FROM ${await table.snapshotSql({ columns })} ORDER BY 1`,
    );
    const there = await Promise.all(
      ["d0", "d1", "d2"].map(async (day) =>
        (await readdir(`${path}/${day}`))
          .filter((name) => !name.startsWith("."))
          .map((name) => `${day}/${name}`),
      ),
    );
    expect(names.map((row) => row["name"])).toEqual(there.flat().sort());
  });

  it("have their key's text as record key where it is one column, however they are written", async () => {
    const index = { kind: "bloom" as const, falsePositiveRate: 1e-4 };
    table = await meterTable(storage, fixture.path(), { recordKey: ["device"], index });
    const commit = (operation: "insert" | "upsert", sql: string) =>
      table.commit({ connection: fixture.connection, operation, upserts: { sql } });
    await bulk(named(0, 3000));
    await commit("upsert", named(600, 60));
    await commit("insert", named(5000, 6));
    const columns = ["_hoodie_record_key", "device"];
    const [all] = await fixture.rows(
      `SELECT count(*)::INT AS n, count(DISTINCT device)::INT AS devices, bool_and(_hoodie_record_key = device) AS same
       FROM ${await table.snapshotSql({ columns })}`,
    );
    expect(all).toEqual({ n: 3006, devices: 3006, same: true });
  });

  it("keep their types", async () => {
    table = await createTable(storage, fixture.path(), {
      name: "typed",
      columns: [
        { name: "id", type: "BIGINT" },
        { name: "d", type: "DECIMAL(12,3)" },
        { name: "wide", type: "DECIMAL(30,5)" },
        { name: "ts", type: "TIMESTAMPTZ" },
        { name: "on", type: "DATE" },
        { name: "l", type: "DECIMAL(5,2)[]" },
        { name: "s", type: "STRUCT(a BIGINT, b VARCHAR)" },
        { name: "b", type: "BLOB" },
        { name: "f", type: "FLOAT" },
        { name: "ok", type: "BOOLEAN" },
      ],
      recordKey: ["id"],
      partition: null,
      ordering: null,
    });
    const sql = `SELECT i AS id, (i / 8)::DECIMAL(12,3) AS d, (i * 1e20)::DECIMAL(30,5) AS wide, TIMESTAMPTZ '2026-01-01 00:00:00Z' + to_seconds(i) AS ts,
      DATE '2026-01-01' + i::INT AS "on", [i::DECIMAL(5,2), NULL] AS l, {'a': i, 'b': 'x'} AS s, ('x' || i)::BLOB AS b, (i / 3)::FLOAT AS f, i % 2 = 0 AS ok FROM range(500) r(i)`;
    await bulk(sql);
    expect(await rows('id, d, wide, ts, "on", l, s, b, f, ok')).toEqual(
      await fixture.rows(`SELECT * FROM (${sql}) ORDER BY ALL`),
    );
  });

  it("of no source make a commit without files", async () => {
    const { stats } = await bulk(`SELECT * FROM (${readings(5)}) WHERE seq > 100`);
    expect(stats).toMatchObject({ inserts: 0, files: 0 });
    expect(await table.timeline()).toHaveLength(1);
  });
});

describe("files", () => {
  it("are split by row groups at about the size that they may have, and leave no row out", async () => {
    const wide = `SELECT md5(i::VARCHAR) AS device, i AS seq, '2026-01-01' AS day, hash(i)::HUGEINT % 1000000 AS energy_wh FROM range(250000) r(i)`;
    const { stats } = await bulk(wide, { maxFileBytes: 6_000_000 });
    expect(stats.files).toBeGreaterThan(1);
    expect(stats.bytes / stats.files).toBeLessThan(9_000_000);
    const [sum] = await fixture.rows(
      `SELECT count(*)::INT AS n, count(DISTINCT seq)::INT AS d, count(DISTINCT _hoodie_commit_seqno)::INT AS s FROM ${await table.snapshotSql({ columns: ["seq", "_hoodie_commit_seqno"] })}`,
    );
    expect(sum).toEqual({ n: 250_000, d: 250_000, s: 250_000 });
  });

  it("of more partitions than DuckDB keeps open are one each", async () => {
    const { stats } = await bulk(readings(30_000, "'p' || (i * 7919) % 150"));
    expect(stats).toMatchObject({ inserts: 30_000, files: 150 });
    expect(await rows("count(*)::INT AS n, count(DISTINCT day)::INT AS days")).toEqual([
      { n: 30_000, days: 150 },
    ]);
  });

  it("know their key ranges, so that the next upsert passes over those out of range", async () => {
    for (let i = 0; i < 3; i += 1)
      await bulk(`SELECT * REPLACE (seq + ${i * 1000} - 500 AS seq) FROM (${readings(1000)})`);
    const { stats } = await table.commit({
      connection: fixture.connection,
      operation: "upsert",
      upserts: { sql: `SELECT * REPLACE (seq + 700 AS seq) FROM (${readings(10)})` },
    });
    expect(stats).toMatchObject({ files: 1 });
    expect(stats.updates + stats.inserts).toBe(10);
  });
});

describe("refusals leave nothing behind", () => {
  it.each([
    [
      "a null key",
      `SELECT * REPLACE (CASE WHEN seq = 7 THEN NULL ELSE seq END AS seq) FROM (${readings(20)})`,
      "HUDI_KEY_NULL",
    ],
    [
      "a folder that can't be",
      `SELECT * REPLACE ('..' AS day) FROM (${readings(20)})`,
      "HUDI_PARTITION_VALUE",
    ],
    [
      "a value that does not fit",
      `SELECT * REPLACE (1e20::HUGEINT AS energy_wh) FROM (${readings(20)})`,
      "HUDI_SOURCE_FAILED",
    ],
    ["a column too few", `SELECT device, seq, day FROM (${readings(20)})`, "HUDI_COLUMN_MISSING"],
  ])("of %s", async (_, sql, code) => {
    await expect(bulk(sql)).rejects.toMatchObject({ code });
    expect(await table.timeline()).toEqual([]);
    expect(await temporary()).toEqual([]);
    expect((await readdir(path)).sort()).toEqual([".hoodie"]);
  });

  it("of a null where a value is required, and of an empty key", async () => {
    table = await meterTable(storage, fixture.path(), {
      recordKey: ["device"],
      columns: METER_COLUMNS.map((column) =>
        column.name === "energy_wh" ? { ...column, nullable: false } : column,
      ),
    });
    await expect(
      bulk(`SELECT * REPLACE (NULL::BIGINT AS energy_wh) FROM (${readings(3)})`),
    ).rejects.toMatchObject({
      code: "HUDI_COLUMN_NULL",
      details: { rows: 3 },
    });
    await expect(bulk(`SELECT * REPLACE ('' AS device) FROM (${readings(1)})`)).rejects.toMatchObject({
      code: "HUDI_KEY_NULL",
    });
  });
});

describe("what is written before the instant begins", () => {
  it("is gone after the commit, and that of a dead process at the next one", async () => {
    const dead = Buffer.from(JSON.stringify({ ...(await thisProcess()), pid: 2 ** 22 + 1 })).toString(
      "base64url",
    );
    const left = `${path}/.hoodie/.temp/scratch-${dead}.x`;
    const alive = `${path}/.hoodie/.temp/scratch-${Buffer.from(JSON.stringify(await thisProcess())).toString("base64url")}.y`;
    for (const directory of [left, alive]) {
      await mkdir(directory, { recursive: true });
      await writeFile(`${directory}/rows.parquet`, "half");
    }
    await bulk(readings(10));
    expect(await temporary()).toEqual([alive.slice(alive.lastIndexOf("/") + 1)]);
  });

  it("sees the rows of the caller's transaction, and only these are undone by its end", async () => {
    const { connection } = fixture;
    await connection.run(`CREATE OR REPLACE TABLE bulk_source AS ${readings(5)}`);
    await connection.run("BEGIN");
    await connection.run("UPDATE bulk_source SET energy_wh = -1");
    await bulk("FROM bulk_source");
    await connection.run("ROLLBACK");
    expect(await rows("DISTINCT energy_wh")).toEqual([{ energy_wh: "-1" }]);
    expect(await (await openTable(storage, path)).timeline()).toHaveLength(1);
  });
});
