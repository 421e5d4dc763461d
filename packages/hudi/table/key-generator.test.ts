import { describe, expect, it } from "vitest";
import { readFile, writeFile } from "node:fs/promises";
import { LocalStorage } from "../storage/local/storage.ts";
import { useFixture } from "../testing/fixture.ts";
import { meterSql, meterTable } from "../testing/meter-table.ts";
import { createTable, openTable } from "./create-table.ts";
import { type KeyGenerator, namesKeyColumns, readKeyGenerator } from "./key-generator.ts";

const fixture = useFixture();
const storage = new LocalStorage();
const fields = { recordKey: ["id"], partitionFields: ["day"] };

it.each([
  [{}, "SIMPLE"],
  [{ type: "SIMPLE_AVRO" }, "SIMPLE"],
  [{ type: "COMPLEX", class: "org.apache.hudi.keygen.SimpleKeyGenerator" }, "COMPLEX"],
  [{ class: "org.apache.hudi.keygen.ComplexAvroKeyGenerator" }, "COMPLEX"],
  [{ class: "org.apache.hudi.keygen.NonpartitionedAvroKeyGenerator" }, "NON_PARTITION"],
  [{ type: "TIMESTAMP" }, null],
  [{ class: "org.apache.hudi.keygen.CustomKeyGenerator" }, null],
  [{ class: "com.example.KeyGenerator" }, null],
])("knows the key generator of %j: %s", (said, generator) => {
  const properties = new Map(
    Object.entries(said).map(([key, value]) => [`hoodie.table.keygenerator.${key}`, value]),
  );
  expect(readKeyGenerator(properties, fields)).toBe(generator);
});

const namesKeys = (generator: KeyGenerator, recordKey: string[], version: number) =>
  namesKeyColumns(generator, { recordKey, version });

it("knows what names its key columns, and what only its rows can tell", () => {
  expect(namesKeys("SIMPLE", ["id"], 6)).toBe(false);
  expect(namesKeys("NON_PARTITION", ["id"], 9)).toBe(false);
  expect(namesKeys("NON_PARTITION", ["a", "b"], 6)).toBe(true);
  expect(namesKeys("COMPLEX", ["id"], 9)).toBe(true);
  expect(namesKeys("COMPLEX", ["id"], 8)).toBeNull();
});

const one = (seq: number) => meterSql([{ device: "a", seq, day: "d", energy_wh: 1 }]);
const keysOf = async (sql: string) =>
  (await fixture.rows(`SELECT _hoodie_record_key AS k FROM ${sql} ORDER BY k`)).map((row) => row["k"]);
const snapshot = { columns: ["_hoodie_record_key"] };

/** A table as Spark or Flink makes it, with keys as `named` says. */
async function foreign(named: boolean) {
  const path = fixture.path();
  const table = await meterTable(storage, path, { recordKey: ["device"], ordering: "seq" });
  if (named) await declareComplex(path);
  const first = named ? await openTable(storage, path) : table;
  const { connection } = fixture;
  await first.commit({ connection, operation: "insert", upserts: { sql: one(1) } });
  await declareComplex(path);
  return openTable(storage, path);
}
async function declareComplex(path: string) {
  const file = `${path}/.hoodie/hoodie.properties`;
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace("SimpleKeyGenerator", "ComplexKeyGenerator"));
}

describe("a complex key of one column, in a table of version 6", () => {
  it.each([
    [true, "device:a"],
    [false, "a"],
  ])("is written as its rows have it: named %s", async (named, key) => {
    const table = await foreign(named);
    expect(table.config.namesKeys).toBe(named);
    await table.commit({
      connection: fixture.connection,
      operation: "upsert",
      upserts: { sql: one(2) },
    });
    expect(await keysOf(await table.snapshotSql(snapshot))).toEqual([key]);
  });
});

it("a table of another key generator is read, but not written", async () => {
  const path = fixture.path();
  const table = await meterTable(storage, path);
  await table.commit({ connection: fixture.connection, operation: "insert", upserts: { sql: one(1) } });
  const file = `${path}/.hoodie/hoodie.properties`;
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace("ComplexKeyGenerator", "TimestampBasedKeyGenerator"));
  const read = await openTable(storage, path);
  expect(await keysOf(await read.snapshotSql(snapshot))).toEqual(["device:a,seq:1"]);
  await expect(
    read.commit({ connection: fixture.connection, operation: "insert", upserts: { sql: one(2) } }),
  ).rejects.toMatchObject({
    code: "HUDI_TABLE_UNSUPPORTED",
    details: { keyGenerator: "org.apache.hudi.keygen.TimestampBasedKeyGenerator" },
  });
});

it("writes folders in hive style, %-encoded or not", async () => {
  for (const encodePartitions of [true, false]) {
    const path = fixture.path();
    const table = await createTable(storage, path, {
      name: "t",
      columns: [
        { name: "id", type: "VARCHAR" },
        { name: "day", type: "VARCHAR" },
      ],
      recordKey: ["id"],
      partition: "day",
      ordering: null,
      hiveStyle: true,
      encodePartitions,
    });
    const { connection } = fixture;
    const insert = (day: string) =>
      table.commit({
        connection,
        operation: "insert",
        upserts: { sql: `SELECT '${day}' AS id, '${day}' AS day` },
      });
    await insert("2026-01-31");
    const slash = insert("a/b");
    if (encodePartitions) await slash;
    else await expect(slash).rejects.toMatchObject({ code: "HUDI_PARTITION_VALUE" });
    const folders = (await storage.list(path)).map(({ name }) => name).filter((name) => name !== ".hoodie");
    expect(folders.sort()).toEqual(encodePartitions ? ["day=2026-01-31", "day=a%2Fb"] : ["day=2026-01-31"]);
    const reader = await openTable(storage, path);
    expect(await keysOf(await reader.snapshotSql(snapshot))).toEqual(
      encodePartitions ? ["2026-01-31", "a/b"] : ["2026-01-31"],
    );
  }
});
