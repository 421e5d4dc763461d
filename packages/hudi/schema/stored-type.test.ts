import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editFooter } from "../parquet/footer.ts";
import { dataType } from "../testing/arbitrary-type.ts";
import { useFixture } from "../testing/fixture.ts";
import { type AvroType, fromAvroSchema } from "./avro-schema.ts";
import { type Column, META_COLUMNS } from "./column.ts";
import { readParquet, sqlText } from "./sql-text.ts";
import { checkWritable, declareStored, misfitSql, storedRowsSql } from "./stored-type.ts";
import { type DataType, formatType, parseType } from "./type.ts";

const fixture = useFixture();
const META = META_COLUMNS.map((name) => `NULL::VARCHAR AS ${name}`).join(", ");

/** Writes one row of these columns as a base file has them. */
async function write(columns: readonly Column[], values: readonly string[]): Promise<string> {
  const path = `${fixture.path()}.parquet`;
  const list = columns.map(({ name, type }, i) => `CAST(${values[i]} AS ${type}) AS ${name}`);
  const rows = `SELECT ${[META, ...list].join(", ")}`;
  await fixture.connection.run(`COPY (${storedRowsSql(columns, rows)}) TO ${sqlText(path)} (FORMAT parquet)`);
  await editFooter(path, (footer) => declareStored(footer, columns));
  return path;
}

/** A value of a type, as SQL; `depth` makes texts differ. */
function valueSql(type: DataType): string {
  switch (type.kind) {
    case "plain":
      return `CAST(${{ BOOLEAN: "true", VARCHAR: "'x'", BLOB: "'\\xAA'" }[type.name as string] ?? plainValue(type.name)} AS ${type.name})`;
    case "decimal":
      return `CAST(-${"9".repeat(type.precision - type.scale) || "0"}${type.scale > 0 ? `.${"8".repeat(type.scale)}` : ""} AS ${formatType(type)})`;
    case "list":
      return `[${valueSql(type.element)}, NULL]`;
    case "map":
      return `MAP {'k': ${valueSql(type.value)}, 'l': NULL}`;
    case "struct":
      return `{${type.fields.map((field) => `${sqlText(field.name)}: ${valueSql(field.type)}`).join(", ")}}`;
  }
}

function plainValue(name: string): string {
  if (name.startsWith("TIMESTAMP") || name === "DATE") return "'2026-01-02 03:04:05.678901'";
  return "7";
}

it("gives back every value and every type, whatever is nested in what", async () => {
  const types = fc.sample(dataType(), { numRuns: 30, seed: 7 });
  const columns = types.map((type, i): Column => ({ name: `c${i}`, type: formatType(type), nullable: true }));
  const values = types.map(valueSql);
  const path = await write(columns, values);
  const described = await fixture.rows(`DESCRIBE FROM ${readParquet([path])}`);
  const read = new Map(described.map((row) => [row["column_name"], String(row["column_type"])]));
  for (const [i, type] of types.entries()) expect(parseType(read.get(`c${i}`) ?? "")).toEqual(type);
  const list = columns.map(({ name, type }, i) => `CAST(${values[i]} AS ${type}) AS ${name}`);
  expect(
    await fixture.rows(`SELECT ${columns.map(({ name }) => name).join(", ")} FROM ${readParquet([path])}`),
  ).toEqual(await fixture.rows(`SELECT ${list.join(", ")}`));
});

it("stores every decimal as bytes: as an integer Hudi's Avro reader would lose its scale", async () => {
  const columns: Column[] = [
    { name: "d", type: "DECIMAL(8,2)", nullable: true },
    { name: "s", type: 'STRUCT("l" DECIMAL(12,3)[], "m" MAP(VARCHAR, DECIMAL(18,0)))', nullable: true },
  ];
  const path = await write(columns, ["1.25", "{'l': [2.5], 'm': MAP {'k': 3}}"]);
  const sql = `SELECT type, precision::INT AS p, scale::INT AS s, logical_type AS l
    FROM parquet_schema(${sqlText(path)}) WHERE converted_type = 'DECIMAL'`;
  expect(await fixture.rows(sql)).toEqual([
    { type: "FIXED_LEN_BYTE_ARRAY", p: 8, s: 2, l: "DecimalType(scale=2, precision=8)" },
    { type: "FIXED_LEN_BYTE_ARRAY", p: 12, s: 3, l: "DecimalType(scale=3, precision=12)" },
    { type: "FIXED_LEN_BYTE_ARRAY", p: 18, s: 0, l: "DecimalType(scale=0, precision=18)" },
  ]);
});

/** The columns of a table that another engine made with one column of this type. */
function foreign(type: AvroType): Column {
  const [column] = fromAvroSchema({
    type: "record",
    name: "r",
    namespace: "n",
    fields: [{ name: "c", type }],
  });
  if (!column) throw new Error("no column");
  return column;
}

describe("timestamps that another engine declared in ms", () => {
  it.each([
    ["timestamp-millis", "TIMESTAMP WITH TIME ZONE", "2026-01-02 03:04:05.678+00", 1],
    ["local-timestamp-millis", "TIMESTAMP", "2026-01-02 03:04:05.678", 0],
  ])("are stored in ms: %s", async (logicalType, type, text, utc) => {
    const column = foreign({ type: "long", logicalType });
    await fixture.connection.run("SET TimeZone = 'Asia/Shanghai'");
    const path = await write([column], [`'${text}'`]);
    await fixture.connection.run("SET TimeZone = 'UTC'");
    expect(await fixture.rows(`SELECT c, typeof(c) AS t FROM ${readParquet([path])}`)).toEqual([
      { c: text, t: type },
    ]);
    const [schema] = await fixture.rows(
      `SELECT converted_type AS c, logical_type AS l FROM parquet_schema(${sqlText(path)}) WHERE name = 'c'`,
    );
    expect(schema?.["c"]).toBe("TIMESTAMP_MILLIS");
    expect(String(schema?.["l"])).toContain(`isAdjustedToUTC=${utc}`);
  });

  it("refuse what ms can't hold", async () => {
    const misfit = misfitSql(foreign({ type: "long", logicalType: "timestamp-millis" }));
    const sql = `SELECT ${misfit} AS m FROM (VALUES ('2026-01-01 00:00:00.001+00'::TIMESTAMPTZ), ('2026-01-01 00:00:00.0001+00'), (NULL)) v(c)`;
    expect((await fixture.rows(sql)).map((row) => row["m"])).toEqual([false, true, null]);
  });
});

it.each<[AvroType, good: string[], bad: string[]]>([
  [{ type: "array", items: "int" }, ["[1, 2]", "[]", "NULL"], ["[1, NULL]"]],
  [{ type: "map", values: "int" }, ["MAP {'a': 1}", "NULL"], ["MAP {'a': NULL}"]],
  [
    {
      type: "record",
      name: "s",
      fields: [
        { name: "a", type: "int" },
        { name: "b", type: ["null", "int"] },
      ],
    },
    ["{'a': 1, 'b': NULL}", "NULL"],
    ["{'a': NULL, 'b': 1}"],
  ],
  [
    {
      type: "array",
      items: [
        "null",
        { type: "record", name: "s", fields: [{ name: "l", type: { type: "array", items: "int" } }] },
      ],
    },
    ["[{'l': [1]}, NULL]", "[]"],
    ["[{'l': NULL}]", "[{'l': [1]}, {'l': [NULL]}]"],
  ],
])("finds a null where another engine allows none: %j", async (type, good, bad) => {
  const column = foreign(type);
  const found = async (value: string) => {
    const sql = `SELECT count(*)::INT AS n FROM (SELECT CAST(${value} AS ${column.type}) AS c) WHERE ${misfitSql(column)}`;
    return (await fixture.rows(sql))[0]?.["n"];
  };
  for (const value of good) expect(await found(value)).toBe(0);
  for (const value of bad) expect(await found(value)).toBe(1);
});

it.each<AvroType>([
  { type: "enum", name: "e", symbols: ["A"] },
  { type: "fixed", name: "f", size: 4 },
  { type: "int", logicalType: "time-millis" },
  { type: "array", items: ["null", { type: "long", logicalType: "timestamp-millis" }] },
])("refuses to write what it could only read: %j", (type) => {
  expect(() => checkWritable([foreign(type)])).toThrow(expect.objectContaining({ code: "HUDI_COLUMN_TYPE" }));
});

it("writes other declarations of what it has itself", () => {
  checkWritable([
    foreign({ type: "bytes", logicalType: "decimal", precision: 9, scale: 2 }),
    foreign({ type: "array", items: "int" }),
    foreign({ type: "string", logicalType: "uuid" }),
    foreign({ type: "long", logicalType: "timestamp-millis" }),
  ]);
});
