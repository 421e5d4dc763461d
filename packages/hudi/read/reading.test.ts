import { tableFromIPC } from "apache-arrow";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ColumnType, formatType } from "../schema/type.ts";
import { LocalStorage } from "../storage/local/storage.ts";
import { createTable } from "../table/create-table.ts";
import { dataType } from "../testing/arbitrary-type.ts";
import { useFixture } from "../testing/fixture.ts";
import { Reading } from "./reading.ts";
import type { Row } from "./row.ts";

const fixture = useFixture();
const reading = (sql: string) => new Reading(fixture.connection, `(${sql})`);

async function all<T>(parts: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const part of parts) found.push(part);
  return found;
}
const rowsOf = async (one: Reading): Promise<Row[]> => (await all(one.rows())).flat();
const arrowOf = async (one: Reading) => tableFromIPC(Buffer.concat(await all(one.arrow())));

const EXACT = `SELECT 9007199254740993::BIGINT AS l, -0.01::DECIMAL(38,2) AS d, 12345678901234567890.5::DECIMAL(30,1) AS w,
  TIMESTAMPTZ '2026-01-02 03:04:05.678901+08' AS tz, TIMESTAMP '1969-12-31 23:59:59.999999' AS ts, DATE '1969-12-31' AS day,
  TIME '01:02:03.000004' AS t, 'a\\xFF'::BLOB AS bin, 0.1::DOUBLE AS g, 1.5::FLOAT AS f, true AS b, 'ü中' AS s, 7::INTEGER AS i,
  [1, NULL]::INTEGER[] AS li, {'a': 1.50::DECIMAL(5,2), 'b': [DATE '2026-01-02']} AS st,
  MAP {'k': 9007199254740993::BIGINT, 'l': NULL} AS m`;

describe("rows", () => {
  it("have every value exactly", async () => {
    expect(await rowsOf(reading(EXACT))).toEqual([
      {
        l: 9007199254740993n,
        d: "-0.01",
        w: "12345678901234567890.5",
        tz: "2026-01-01T19:04:05.678901Z",
        ts: "1969-12-31T23:59:59.999999",
        day: "1969-12-31",
        t: "01:02:03.000004",
        bin: Buffer.of(0x61, 0xff),
        g: 0.1,
        f: 1.5,
        b: true,
        s: "ü中",
        i: 7,
        li: [1, null],
        st: { a: "1.50", b: ["2026-01-02"] },
        m: new Map([
          ["k", 9007199254740993n],
          ["l", null],
        ]),
      },
    ]);
  });

  it("come in parts, and a reader may leave", async () => {
    const parts = [];
    for await (const part of reading("SELECT range AS i FROM range(100000)").rows()) {
      parts.push(part.length);
      if (parts.length === 3) break;
    }
    expect(parts.length).toBe(3);
    expect(Math.max(...parts)).toBeLessThan(5000);
    expect(await rowsOf(reading("SELECT 1 AS i"))).toEqual([{ i: 1 }]);
  });
});

describe("Arrow", () => {
  it("has the types of the table, and every value exactly", async () => {
    const table = await arrowOf(reading(EXACT));
    expect(table.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "l Int64",
      "d Decimal[38e+2]",
      "w Decimal[30e+1]",
      "tz Timestamp<MICROSECOND, UTC>",
      "ts Timestamp<MICROSECOND>",
      "day Date32<DAY>",
      "t Time64<MICROSECOND>",
      "bin Binary",
      "g Float64",
      "f Float32",
      "b Bool",
      "s Utf8",
      "i Int32",
      "li List<Int32>",
      "st Struct<{a:Decimal[5e+2], b:List<Date32<DAY>>}>",
      "m Map<{key:Utf8, value:Int64}>",
    ]);
    const raw = (name: string) => table.getChild(name)?.data[0]?.values as BigInt64Array & Uint32Array;
    expect(raw("l")[0]).toBe(9007199254740993n);
    expect(raw("tz")[0]).toBe(1767294245678901n);
    expect(raw("ts")[0]).toBe(-1n);
    expect(raw("day")[0]).toBe(-1);
    expect([...raw("d")]).toEqual([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]);
    const [low = 0, middle = 0] = [...raw("w")];
    expect(BigInt(low) + (BigInt(middle) << 32n)).toBe(123456789012345678905n & ((1n << 64n) - 1n));
    expect(table.getChild("s")?.get(0)).toBe("ü中");
    expect(table.getChild("li")?.get(0)?.toJSON()).toEqual([1, null]);
  });

  it("holds as many rows as there are, in bounded batches, with their nulls", async () => {
    const sql = "SELECT CASE WHEN range % 3 > 0 THEN range END AS i, 'x' || range AS s FROM range(70000)";
    const batches = await all(reading(sql).batches());
    expect(batches.length).toBeGreaterThan(2);
    expect(Math.max(...batches.map((one) => one.numRows))).toBeLessThanOrEqual(32_768);
    const table = await arrowOf(reading(sql));
    expect(table.numRows).toBe(70_000);
    expect(table.getChild("i")?.nullCount).toBe(23_334);
    expect(table.get(69_999)?.toJSON()).toEqual({ i: null, s: "x69999" });
    expect(table.get(65_000)?.toJSON()).toEqual({ i: 65_000n, s: "x65000" });
    const none = await arrowOf(reading("SELECT 1::BIGINT AS i WHERE false"));
    expect([none.numRows, none.schema.fields.length]).toEqual([0, 1]);
  });

  it("takes any type that a table can have", async () => {
    const types = fc.sample(dataType().map(formatType), { numRuns: 40, seed: 5 });
    const list = types.map((type: ColumnType, i) => `CAST(NULL AS ${type}) AS c${i}`);
    const table = await arrowOf(reading(`SELECT ${list.join(", ")} FROM range(2)`));
    expect([table.numRows, table.numCols]).toEqual([2, 40]);
    expect(
      table.toArray().every((row) => Object.values(row?.toJSON() ?? {}).every((value) => value === null)),
    ).toBe(true);
  });
});

it("reads a table, and names the file that it can't read", async () => {
  const table = await createTable(new LocalStorage(), fixture.path(), {
    name: "t",
    columns: [
      { name: "id", type: "VARCHAR" },
      { name: "n", type: "BIGINT" },
    ],
    recordKey: ["id"],
    partition: null,
    ordering: null,
  });
  const { connection } = fixture;
  const sql = "SELECT 'k' || i AS id, i AS n FROM range(5) r(i)";
  await table.commit({ connection, operation: "insert", upserts: { sql } });
  const read = await table.read({ connection, filters: [["n", ">=", 3]], columns: ["n"] });
  expect(await rowsOf(read)).toEqual([{ n: 3n }, { n: 4n }]);
  const gone = new Reading(connection, "(SELECT * FROM read_parquet('/nowhere/x.parquet'))");
  await expect(rowsOf(gone)).rejects.toMatchObject({
    code: "HUDI_READ_FAILED",
    message: expect.stringContaining("/nowhere/x.parquet"),
  });
});
