import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { parseAvroSchema, toAvroSchema } from "../schema/avro-schema.ts";
import { LocalStorage } from "../storage/local/storage.ts";
import { useFixture } from "../testing/fixture.ts";
import { createTable, openTable } from "../table/create-table.ts";
import type { HudiTable } from "../table/table.ts";
import type { TableType } from "../table/table-config.ts";
import { conditionOf, type Filter, type FilterValue } from "./filter.ts";

const fixture = useFixture();
const storage = new LocalStorage();

const TYPES = {
  id: "VARCHAR",
  day: "VARCHAR",
  ts: "BIGINT",
  i: "INTEGER",
  d: "DOUBLE",
  f: "FLOAT",
  dec: "DECIMAL(8,2)",
  date: "DATE",
  at: "TIMESTAMPTZ",
  clock: "TIMESTAMP",
  b: "BOOLEAN",
  text: "VARCHAR",
};
const columns = Object.entries(TYPES).map(([name, type]) => ({ name, type }));
const schema = parseAvroSchema(
  JSON.stringify(
    toAvroSchema(
      "t",
      columns.map((one) => ({ ...one, type: one.type as "DATE", nullable: true })),
    ),
  ),
);

/** Rows whose values rise from file to file, so that bounds tell files apart, with nulls and odd values among them. */
const rowsSql = (file: number) => `
  SELECT 'k' || (${file} * 100 + n) AS id, CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN 'a/b' ELSE 'd' || (n % 4) END AS day,
    n::BIGINT AS ts, (${file} * 10 + n)::INTEGER AS i,
    CASE WHEN n = 7 THEN 'NaN'::DOUBLE WHEN n = 5 THEN -0.0 ELSE (${file} - 2) * 10 + n / 10 END AS d,
    CASE WHEN ${file} = 3 THEN NULL ELSE ((${file} - 2) * 10 + n / 10)::FLOAT END AS f,
    ((${file} - 2) * 10 + n / 100)::DECIMAL(8,2) AS dec, DATE '2026-01-01' + ${file} * 10 + n::INTEGER AS date,
    TIMESTAMPTZ '2026-01-01 00:00:00+00' + INTERVAL (${file} * 10 + n) HOUR + INTERVAL (n) MICROSECOND AS at,
    TIMESTAMP '2026-01-01 00:00:00' + INTERVAL (${file} * 10 + n) HOUR AS clock, n % 2 = 0 AS b,
    CASE WHEN n % 3 = 0 THEN NULL ELSE chr(97 + ${file}) || n || 'ü' END AS text
  FROM range(12) r(n)`;

async function make(type: TableType): Promise<HudiTable> {
  const path = fixture.path();
  const table = await createTable(storage, path, {
    name: "t",
    type,
    columns,
    recordKey: ["id"],
    partition: "day",
    ordering: "ts",
  });
  const { connection } = fixture;
  for (let file = 0; file < 5; file += 1) {
    await table.commit({ connection, operation: "bulk_insert", upserts: { sql: rowsSql(file) } });
  }
  const late = `SELECT * REPLACE (100::BIGINT AS ts, 1000 AS i, 'zz' AS text) FROM (${rowsSql(1)}) WHERE ts IN (2, 5)`;
  await table.commit({ connection, operation: "upsert", upserts: { sql: late } });
  return openTable(storage, path);
}

const operator = fc.constantFrom(
  "=" as const,
  "<>" as const,
  "<" as const,
  "<=" as const,
  ">" as const,
  ">=" as const,
);
const small = fc.integer({ min: -30, max: 60 });
const values: Record<keyof typeof TYPES, fc.Arbitrary<FilterValue>> = {
  id: fc.nat(500).map((n) => `k${n}`),
  day: fc.constantFrom("a/b", "d2", "d3", "", "zz"),
  ts: fc.oneof(small, fc.bigInt(-5n, 120n)),
  i: fc.oneof(
    small,
    small.map((n) => `${n}.5`),
    fc.constant("99999999999999999999"),
  ),
  d: fc.oneof(
    small.map((n) => n / 10),
    fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY),
  ),
  f: small.map((n) => n / 10),
  dec: fc.oneof(
    small,
    small.map((n) => `${n}.015`),
    small.map((n) => n / 8),
  ),
  date: fc.oneof(
    fc.integer({ min: 1, max: 28 }).map((n) => `2026-01-${String(n).padStart(2, "0")}`),
    fc.nat(60).map((n) => new Date(Date.UTC(2026, 0, n, 5))),
  ),
  at: fc.oneof(
    fc.nat(70).map((n) => new Date(Date.UTC(2026, 0, 1, n))),
    fc.nat(70).map((n) => `2026-01-02 ${String(n % 24).padStart(2, "0")}:00:00.00000${n % 10}+01`),
  ),
  clock: fc.nat(70).map((n) => `2026-01-0${1 + (n % 3)} ${String(n % 24).padStart(2, "0")}:00:00`),
  b: fc.boolean(),
  text: fc.tuple(fc.constantFrom("a", "b", "c", "e", "z"), fc.nat(20)).map(([letter, n]) => `${letter}${n}ü`),
};
const filter: fc.Arbitrary<Filter> = fc
  .constantFrom(...(Object.keys(TYPES) as (keyof typeof TYPES)[]))
  .chain((name) =>
    fc.oneof(
      { arbitrary: fc.tuple(fc.constant(name), operator, values[name]), weight: 6 },
      {
        arbitrary: fc.tuple(
          fc.constant(name),
          fc.constant("in" as const),
          fc.array(values[name], { maxLength: 3 }),
        ),
        weight: 2,
      },
      {
        arbitrary: fc.tuple(fc.constant(name), fc.constantFrom("is null" as const, "is not null" as const)),
        weight: 1,
      },
    ),
  );

describe.each<TableType>(["COPY_ON_WRITE", "MERGE_ON_READ"])("of a %s table", (type) => {
  let table: HudiTable;
  beforeAll(async () => {
    table = await make(type);
  });

  it("what is not read would not have been given", async () => {
    const all = await table.snapshotSql();
    const files = all.split(".parquet").length;
    let pruned = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(filter, { minLength: 1, maxLength: 3 }), async (filters) => {
        const sql = filters.map((one) => conditionOf(schema, one).sql).join(" AND ");
        const some = await table.snapshotSql({ filters });
        if (some.split(".parquet").length < files) pruned += 1;
        const difference = `SELECT (SELECT count(*) FROM ${some}) - (SELECT count(*) FROM ${all} WHERE ${sql}) AS n,
          (SELECT count(*) FROM (FROM ${some} EXCEPT ALL SELECT * FROM ${all} WHERE ${sql})) AS m`;
        expect(await fixture.rows(difference)).toEqual([{ n: "0", m: "0" }]);
      }),
      { numRuns: 80 },
    );
    expect(pruned).toBeGreaterThan(15);
  });
});

describe("reads no more files than can hold the rows", () => {
  let table: HudiTable;
  beforeAll(async () => {
    table = await make("COPY_ON_WRITE");
  });
  const read = async (filters: readonly Filter[], partitions?: readonly string[]) => {
    const sql = await table.snapshotSql({ filters, ...(partitions && { partitions }) });
    return (sql.match(/[^/']+\/[^/']+\.parquet/g) ?? []).map((path) => path.split("/")[0]);
  };

  it("by folder", async () => {
    expect(new Set(await read([["day", "=", "a/b"]]))).toEqual(new Set(["a%2Fb"]));
    expect(new Set(await read([["day", "in", ["d2", "d3"]]]))).toEqual(new Set(["d2", "d3"]));
    expect(new Set(await read([["day", "is null"]]))).toEqual(new Set(["__HIVE_DEFAULT_PARTITION__"]));
    expect(new Set(await read([["day", ">", "d2"]]))).toEqual(new Set(["d3"]));
    expect(new Set(await read([], ["d2"]))).toEqual(new Set(["d2"]));
    expect(await read([], ["nowhere"])).toEqual([]);
  });

  it("by bounds", async () => {
    expect(await read([["i", ">", 2000]])).toEqual([]);
    expect(await read([["dec", "<", "-20"]])).toEqual([]);
    expect(
      (
        await read([
          ["date", "=", "2026-02-19"],
          ["day", "=", "d2"],
        ])
      ).length,
    ).toBeLessThan(2);
    expect(await read([["text", "=", "~none"]])).toEqual([]);
    expect((await read([["f", "is null"]])).length).toBeLessThan((await read([])).length);
  });
});

it.each<[unknown[], RegExp]>([
  [["none", "=", 1], /column/],
  [["i", "=", "1e3"], /number/],
  [["i", "=", true], /number/],
  [["i", "like", "1%"], /use =/],
  [["i", "in", 1], /write/],
  [["text", "=", 1], /text/],
  [["b", "=", "true"], /type/],
  [["date", "=", "2026-02-30"], /2026-01-31/],
  [["at", ">", "2026-01-31 12:00:00"], /offset/],
  [["clock", ">", "2026-01-31 12:00:00Z"], /offset/],
  [["at", ">", new Date(Number.NaN)], /valid/],
])("refuses the filter %j", (one, remedy) => {
  expect(() => conditionOf(schema, one as unknown as Filter)).toThrow(
    expect.objectContaining({
      code: expect.stringMatching(/HUDI_(FILTER|COLUMN_MISSING)/),
      remedy: expect.stringMatching(remedy),
    }),
  );
});
