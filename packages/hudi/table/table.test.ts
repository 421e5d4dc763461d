import { mkdir, readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { useFixture } from "../testing/fixture.ts";
import { METER_COLUMNS, meterSql, meterTable } from "../testing/meter-table.ts";
import { createTable, openTable, tableExists } from "./create-table.ts";
import { parseProperties } from "./properties.ts";

const fixture = useFixture();
const storage = new LocalStorage();
const rows = (...energies: number[]) =>
  meterSql(energies.map((energy_wh, seq) => ({ device: "a", seq, day: "d", energy_wh })));
const propertiesOf = async (path: string) =>
  parseProperties(await readFile(`${path}/.hoodie/hoodie.properties`, "utf8"));

describe("create and open", () => {
  it("is there once it is created, and is not made twice", async () => {
    const path = fixture.path();
    expect(await tableExists(storage, path)).toBe(false);
    await expect(openTable(storage, path)).rejects.toMatchObject({ code: "HUDI_TABLE_MISSING" });
    await meterTable(storage, path);
    expect(await tableExists(storage, path)).toBe(true);
    await expect(meterTable(storage, path)).rejects.toMatchObject({ code: "HUDI_TABLE_EXISTS" });
  });

  it("writes the properties by which other engines know a table", async () => {
    const path = fixture.path();
    await meterTable(storage, path, {
      databaseName: "grid",
      ordering: "energy_wh",
      properties: { "hoodie.x": "y" },
    });
    const properties = await propertiesOf(path);
    expect(Object.fromEntries(properties)).toMatchObject({
      "hoodie.table.version": "6",
      "hoodie.table.type": "COPY_ON_WRITE",
      "hoodie.table.recordkey.fields": "device,seq",
      "hoodie.table.partition.fields": "day",
      "hoodie.table.precombine.field": "energy_wh",
      "hoodie.table.keygenerator.class": "org.apache.hudi.keygen.ComplexKeyGenerator",
      // CRC32 of "grid.meter": an engine refuses the table when it is another
      "hoodie.table.checksum": "456970431",
      "hoodie.x": "y",
    });
  });

  it.each([
    ["TIMESTAMPTZ", "HUDI_KEY_TYPE"],
    ["DATE", "HUDI_KEY_TYPE"],
    ["DOUBLE", "HUDI_KEY_TYPE"],
    ["DECIMAL(9,0)", "HUDI_KEY_TYPE"],
  ])("refuses a %s in the record key, on whose text engines disagree", async (type, code) => {
    const columns = [...METER_COLUMNS, { name: "ts", type }];
    await expect(
      meterTable(storage, fixture.path(), { columns, recordKey: ["device", "ts"] }),
    ).rejects.toMatchObject({ code });
  });

  it("refuses columns that are not there, and a partition that is no text", async () => {
    const definition = {
      name: "t",
      columns: METER_COLUMNS,
      recordKey: ["device"],
      partition: null,
      ordering: null,
    };
    const create = (change: object) => createTable(storage, fixture.path(), { ...definition, ...change });
    await expect(create({ recordKey: [] })).rejects.toMatchObject({ code: "HUDI_COLUMN_MISSING" });
    await expect(create({ recordKey: ["x"] })).rejects.toMatchObject({ code: "HUDI_COLUMN_MISSING" });
    await expect(create({ ordering: "x" })).rejects.toMatchObject({ code: "HUDI_COLUMN_MISSING" });
    await expect(create({ partition: "seq" })).rejects.toMatchObject({ code: "HUDI_COLUMN_TYPE" });
    await expect(create({ name: "my table" })).rejects.toMatchObject({ code: "HUDI_NAME" });
  });

  it.each([
    ["hoodie.table.version=5", "HUDI_TABLE_VERSION"],
    ["hoodie.table.version=6\nhoodie.table.type=MERGE", "HUDI_TABLE_UNSUPPORTED"],
    ["hoodie.table.version=6\nhoodie.compaction.payload.class=org.x.Payload", "HUDI_TABLE_UNSUPPORTED"],
    ["hoodie.table.version=9\nhoodie.record.merge.mode=CUSTOM", "HUDI_TABLE_UNSUPPORTED"],
    ["hoodie.table.version=9\nhoodie.table.partial.update.mode=KEEP_VALUES", "HUDI_TABLE_UNSUPPORTED"],
    ["hoodie.table.version=6\nhoodie.table.name=t", "HUDI_SCHEMA_MISSING"],
  ])("refuses to open a table with %j", async (text, code) => {
    const path = fixture.path();
    await mkdir(`${path}/.hoodie`, { recursive: true });
    await writeFile(`${path}/.hoodie/hoodie.properties`, text);
    await expect(openTable(storage, path)).rejects.toMatchObject({ code });
  });

  it("reads the copy of properties that another engine is just rewriting", async () => {
    const path = fixture.path();
    await meterTable(storage, path);
    const bytes = await storage.take(`${path}/.hoodie/hoodie.properties`);
    await writeFile(`${path}/.hoodie/hoodie.properties.backup`, bytes ?? "");
    expect((await openTable(storage, path)).config.name).toBe("meter");
  });

  it("refuses a table whose columns are renamed on read", async () => {
    const path = fixture.path();
    const table = await meterTable(storage, path);
    const { connection } = fixture;
    const { instant } = await table.commit({ connection, operation: "insert", upserts: { sql: rows(1) } });
    const file = `${path}/.hoodie/${instant}.commit`;
    const body = await readFile(file, "utf8");
    await writeFile(file, body.replace('"extraMetadata":{', '"extraMetadata":{"latest_schema":"{}",'));
    await expect(openTable(storage, path)).rejects.toMatchObject({ code: "HUDI_TABLE_UNSUPPORTED" });
  });

  it("names the commit file that is not readable", async () => {
    const path = fixture.path();
    await meterTable(storage, path);
    await writeFile(`${path}/.hoodie/20260101000000000.commit`, '{"partitionToWriteStats":');
    await expect(openTable(storage, path)).rejects.toMatchObject({
      code: "HUDI_TIMELINE_CORRUPT",
      details: { file: `${path}/.hoodie/20260101000000000.commit` },
    });
  });
});

it("takes a foreign metadata table out of service before it writes: else its engine would read old rows", async () => {
  const path = fixture.path();
  const table = await meterTable(storage, path);
  const file = `${path}/.hoodie/hoodie.properties`;
  await writeFile(
    file,
    `${await readFile(file, "utf8")}hoodie.table.metadata.partitions=files,column_stats\n`,
  );
  await writeFile(`${path}/.hoodie/.hoodie.properties.crc`, "crc");
  await mkdir(`${path}/.hoodie/metadata/files`, { recursive: true });
  await writeFile(`${path}/.hoodie/metadata/files/x.hfile`, "stale");
  await table.commit({ connection: fixture.connection, operation: "insert", upserts: { sql: rows(1) } });
  const properties = await propertiesOf(path);
  expect([...properties.keys()].filter((key) => key.includes("metadata"))).toEqual([]);
  expect(properties.get("hoodie.table.name")).toBe("meter");
  const names = (await storage.list(`${path}/.hoodie`)).map((entry) => entry.name);
  expect(names).not.toContain("metadata");
  expect(names).not.toContain(".hoodie.properties.crc");
});

describe("base files as other engines need them", () => {
  it("carry plain integers, a bloom filter and the real key range in the footer", async () => {
    const path = fixture.path();
    const table = await meterTable(storage, path);
    await table.commit({
      connection: fixture.connection,
      operation: "insert",
      upserts: { sql: rows(5, 6, 7) },
    });
    const glob = `'${path}/d/*.parquet'`;
    const annotated = `SELECT name FROM parquet_schema(${glob}) WHERE converted_type LIKE 'INT%' OR logical_type LIKE 'Int%'`;
    expect(await fixture.rows(annotated)).toEqual([]);
    const pairs = await fixture.rows(
      `SELECT decode(key) AS k, decode(value) AS v FROM parquet_kv_metadata(${glob})`,
    );
    const footer = new Map(pairs.map((pair) => [pair["k"], String(pair["v"])]));
    expect(footer.get("hoodie_min_record_key")).toBe("device:a,seq:0");
    expect(footer.get("hoodie_max_record_key")).toBe("device:a,seq:2");
    expect(footer.get("hoodie_bloom_filter_type_code")).toBe("SIMPLE");
    expect(Buffer.from(footer.get("org.apache.hudi.bloomfilter") ?? "", "base64").at(-1)).toBe(0xff);
    const schema = JSON.parse(footer.get("parquet.avro.schema") ?? "") as { fields: { name: string }[] };
    expect(schema.fields.map((field) => field.name).slice(4)).toEqual([
      "_hoodie_file_name",
      "device",
      "seq",
      "day",
      "energy_wh",
    ]);
  });
});

const commitRows = async (path: string) => {
  const table = await meterTable(storage, path);
  const instants: string[] = [];
  for (const energies of [[1], [1, 2], [9]]) {
    const { instant } = await table.commit({
      connection: fixture.connection,
      operation: "upsert",
      upserts: { sql: rows(...energies) },
    });
    instants.push(instant);
  }
  return { table, instants: instants as [string, string, string] };
};
const energiesOf = async (sql: string) =>
  (await fixture.rows(`SELECT energy_wh::INT AS e FROM ${sql} ORDER BY seq`)).map((row) => row["e"]);

describe("reads", () => {
  it("an empty table is an empty relation with its columns", async () => {
    const table = await meterTable(storage, fixture.path());
    expect(await fixture.rows(`SELECT * FROM ${await table.snapshotSql()}`)).toEqual([]);
    expect(
      await fixture.rows(
        `DESCRIBE FROM ${await table.snapshotSql({ columns: ["seq", "_hoodie_record_key"] })}`,
      ),
    ).toMatchObject([
      { column_name: "seq", column_type: "BIGINT" },
      { column_name: "_hoodie_record_key", column_type: "VARCHAR" },
    ]);
  });

  it("as of an instant, and before the first", async () => {
    const { table, instants } = await commitRows(fixture.path());
    expect(await energiesOf(await table.snapshotSql({ asOf: instants[0] }))).toEqual([1]);
    expect(await energiesOf(await table.snapshotSql({ asOf: instants[1] }))).toEqual([1, 2]);
    expect(await energiesOf(await table.snapshotSql())).toEqual([9, 2]);
    expect(await energiesOf(await table.snapshotSql({ asOf: "20000101000000000" }))).toEqual([]);
    await expect(table.snapshotSql({ columns: ["none"] })).rejects.toMatchObject({
      code: "HUDI_COLUMN_MISSING",
    });
  });

  it("what was written in (after, upTo]", async () => {
    const { table, instants } = await commitRows(fixture.path());
    expect(await energiesOf(await table.incrementalSql({ after: instants[0] }))).toEqual([9, 2]);
    expect(await energiesOf(await table.incrementalSql({ after: instants[0], upTo: instants[1] }))).toEqual([
      1, 2,
    ]);
    expect(await energiesOf(await table.incrementalSql({ after: instants[1] }))).toEqual([9]);
    expect(await energiesOf(await table.incrementalSql({ after: instants[2] }))).toEqual([]);
  });

  it("a statement over a snapshot goes on seeing it while commits go on", async () => {
    const { table } = await commitRows(fixture.path());
    const before = await table.snapshotSql();
    await table.commit({
      connection: fixture.connection,
      operation: "upsert",
      upserts: { sql: rows(50, 60, 70) },
    });
    expect(await energiesOf(before)).toEqual([9, 2]);
    expect(await energiesOf(await table.snapshotSql())).toEqual([50, 60, 70]);
  });

  it.each(["another object", "the writer's own object"])("all of a commit or nothing, by %s", async (by) => {
    const path = fixture.path();
    const table = await meterTable(storage, path);
    const reader = by === "another object" ? await openTable(storage, path) : table;
    const state = { writing: true };
    const reading = (async () => {
      const seen = new Set<string>();
      while (state.writing) {
        const [row] = await fixture.rows(
          `SELECT count(*)::INT AS n, count(DISTINCT energy_wh)::INT AS d FROM ${await reader.snapshotSql()}`,
        );
        seen.add(`${row?.["n"]} ${row?.["d"]}`);
      }
      return seen;
    })();
    for (let i = 1; i <= 12; i += 1) {
      const all = [0, 1, 2].flatMap((seq) =>
        ["d1", "d2"].map((day) => ({ device: "a", seq, day, energy_wh: i })),
      );
      await table.commit({
        connection: fixture.connection,
        operation: "upsert",
        upserts: { sql: meterSql(all) },
      });
      if (i % 4 === 0) await table.clean();
      if (i % 5 === 0) await table.archive({ minInstants: 4, maxInstants: 4 });
    }
    state.writing = false;
    const [last] = await fixture.rows(`SELECT min(energy_wh)::INT AS e FROM ${await reader.snapshotSql()}`);
    expect(last).toEqual({ e: 12 });
    for (const one of await reading) expect(["0 0", "6 1"]).toContain(one);
  });
});
