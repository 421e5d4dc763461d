import { copyFile } from "node:fs/promises";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { useFixture } from "../testing/fixture.ts";
import { constantChunk, counterChunk } from "./made-chunk.ts";
import { type MadeColumn, rewrite } from "./rewrite.ts";

const fixture = useFixture();

async function written(select: string, options = ""): Promise<string> {
  const path = `${fixture.path()}.parquet`;
  await fixture.connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet, COMPRESSION zstd ${options})`);
  return path;
}

async function rewritten(
  path: string,
  { groups, made = [] }: { made?: readonly MadeColumn[]; groups?: { from: number; to: number } } = {},
): Promise<string> {
  const target = `${fixture.path()}.parquet`;
  await rewrite({ parts: [groups ? { path, groups } : { path }], target, made, footer: () => {} });
  return target;
}

const differences = async (left: string, right: string) => [
  ...(await fixture.rows(`(FROM '${left}' EXCEPT ALL FROM '${right}')`)),
  ...(await fixture.rows(`(FROM '${right}' EXCEPT ALL FROM '${left}')`)),
];

const constant = (name: string, position: number, text: string): MadeColumn => ({
  name,
  position,
  values: ({ rows }) => constantChunk(name, { text, rows }),
});

const PRECISIONS = [1, 4, 5, 9, 10, 18, 19, 31, 38];

/** The largest of either sign, nulls, and between them `distinct` numbers, which make a dictionary or none. */
const decimals = (distinct: number) =>
  PRECISIONS.map((precision) => {
    const scale = Math.floor(precision / 2);
    const nines = "9".repeat(precision);
    const most = `${nines.slice(scale)}.${nines.slice(0, scale)}`;
    const type = `DECIMAL(${precision},${scale})`;
    const some = `(i * 7919) % ${Math.min(distinct, 10 ** (precision - scale))} - 1`;
    return `CASE i % 9 WHEN 0 THEN '${most}' WHEN 1 THEN '-${most}' WHEN 2 THEN NULL ELSE (${some})::VARCHAR END::${type} AS d${precision}`;
  }).join(", ");

describe("decimals", () => {
  it.each([
    ["a dictionary", 50],
    ["none", 1_000_000],
  ])("are bytes of fixed length with %s, and the same numbers", async (_, distinct) => {
    const source = await written(
      `SELECT i, ${decimals(distinct)} FROM range(20000) r(i)`,
      ", ROW_GROUP_SIZE 4096",
    );
    const target = await rewritten(source);
    expect(await differences(source, target)).toEqual([]);
    const types = await fixture.rows(
      `SELECT DISTINCT type, type_length::INT AS bytes FROM parquet_schema('${target}') WHERE name LIKE 'd_%' AND name <> 'duckdb_schema' ORDER BY 2`,
    );
    // as many bytes as Spark's Avro schema declares
    expect(types.map((row) => [row["type"], row["bytes"]])).toEqual(
      [1, 2, 3, 4, 5, 8, 9, 13, 16].map((bytes) => ["FIXED_LEN_BYTE_ARRAY", bytes]),
    );
  });

  it("are found inside lists, structs and maps", async () => {
    const source = await written(
      `SELECT i, CASE WHEN i % 5 = 0 THEN NULL ELSE [i::DECIMAL(12,3), NULL, -i] END AS l,
         {'a': i::DECIMAL(5,2) / 3, 'b': [{'c': (i * 7)::DECIMAL(20,1)}]} AS s,
         MAP {'k' || i % 4: i::DECIMAL(9,2)} AS m
       FROM range(900) r(i)`,
    );
    expect(await differences(source, await rewritten(source))).toEqual([]);
  });

  it("keep bounds by which readers may leave row groups out", async () => {
    const source = await written(
      "SELECT i, (i - 5000)::DECIMAL(12,3) AS d FROM range(10000) r(i)",
      ", ROW_GROUP_SIZE 2048",
    );
    const target = await rewritten(source);
    for (const where of ["d = -5000", "d = 4999", "d BETWEEN -1 AND 1", "d > 4000", "d < -4990.5"]) {
      const counted = `SELECT count(*)::INT AS n, sum(i)::INT AS s FROM`;
      expect(await fixture.rows(`${counted} '${target}' WHERE ${where}`)).toEqual(
        await fixture.rows(`${counted} '${source}' WHERE ${where}`),
      );
    }
  });
});

describe("made columns", () => {
  it("stand where they are put, in every row group", async () => {
    const source = await written(
      "SELECT 'k' || i AS key, i, [i] AS l FROM range(10000) r(i)",
      ", ROW_GROUP_SIZE 2048",
    );
    const counter: MadeColumn = {
      name: "seqno",
      position: 1,
      values: ({ firstRow, rows }) => counterChunk("seqno", { prefix: "c_0_", first: firstRow, rows }),
    };
    const target = await rewritten(source, {
      made: [constant("time", 0, "2026"), counter, constant("path", 3, "día 1")],
    });
    const [first] = await fixture.rows(`FROM '${target}' LIMIT 1`);
    expect(Object.keys(first ?? {})).toEqual(["time", "seqno", "key", "path", "i", "l"]);
    const expected = await written(
      "SELECT '2026' AS time, 'c_0_' || i AS seqno, 'k' || i AS key, 'día 1' AS path, i, [i] AS l FROM range(10000) r(i)",
    );
    expect(await differences(target, expected)).toEqual([]);
    // bounds: a reader must find what it looks for, and only that
    const found = (where: string) =>
      fixture.rows(`SELECT count(*)::INT AS n FROM '${target}' WHERE ${where}`);
    expect(await found("seqno = 'c_0_9999'")).toEqual([{ n: 1 }]);
    expect(await found("seqno = 'c_0_100' OR seqno = 'c_0_2047'")).toEqual([{ n: 2 }]);
    expect(await found("path = 'día 1' AND time < '2027'")).toEqual([{ n: 10_000 }]);
    expect(await found("path = 'día 2'")).toEqual([{ n: 0 }]);
  });

  it("may have the values of another column", async () => {
    const source = await written(
      "SELECT i, CASE WHEN i < 3000 THEN 'k' || i % 9 ELSE 'k' || i END AS key FROM range(10000) r(i)",
      ", ROW_GROUP_SIZE 2048",
    );
    const target = await rewritten(source, {
      made: [{ name: "copy", position: 0, values: { copyOf: "key" } }],
    });
    expect(await differences(target, await written(`SELECT key AS copy, i, key FROM '${source}'`))).toEqual(
      [],
    );
    const found = (where: string) =>
      fixture.rows(`SELECT count(*)::INT AS n FROM '${target}' WHERE ${where}`);
    expect(await found("copy = 'k7' AND key = 'k7'")).toEqual(await found("key = 'k7'"));
    expect(await found("copy = 'k9999'")).toEqual([{ n: 1 }]);
    expect(await found("copy = 'none'")).toEqual([{ n: 0 }]);
  });

  it("count from any number on, behind any prefix", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme", maxLength: 150 }),
        fc.integer({ min: 0, max: 2_000_000 }),
        fc.integer({ min: 1, max: 2000 }),
        async (prefix, first, rows) => {
          const source = await written(`SELECT i FROM range(${rows}) r(i)`);
          const target = await rewritten(source, {
            made: [{ name: "c", position: 0, values: () => counterChunk("c", { prefix, first, rows }) }],
          });
          const texts = (await fixture.rows(`SELECT c FROM '${target}' ORDER BY i`)).map((row) => row["c"]);
          expect(texts).toEqual(Array.from({ length: rows }, (_, i) => `${prefix}${first + i}`));
          const [bounds] = await fixture.rows(
            `SELECT stats_min_value AS low, stats_max_value AS high FROM parquet_metadata('${target}') WHERE path_in_schema = 'c'`,
          );
          expect(bounds).toEqual({ low: texts.toSorted(byBytes)[0], high: texts.toSorted(byBytes).at(-1) });
        },
      ),
      { numRuns: 25, examples: [["", 0, 1]] },
    );
  });
});

const byBytes = (a: unknown, b: unknown) => Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));

describe("files", () => {
  it("may be written in place", async () => {
    const source = await written("SELECT i, i::DECIMAL(9,2) AS d FROM range(5000) r(i)");
    const path = `${fixture.path()}.parquet`;
    await copyFile(source, path);
    await rewrite({ parts: [{ path }], target: path, made: [constant("p", 0, "x")], footer: () => {} });
    expect(await fixture.rows(`(SELECT * EXCLUDE (p) FROM '${path}' EXCEPT ALL FROM '${source}')`)).toEqual(
      [],
    );
  });

  it("may be parted by row groups: every row is in one of the parts", async () => {
    const source = await written(
      "SELECT i, (i % 11)::DECIMAL(9,2) AS d, 'dev' || i % 50 AS device FROM range(20000) r(i)",
      ", ROW_GROUP_SIZE 2048",
    );
    const parts = [
      await rewritten(source, { groups: { from: 0, to: 3 } }),
      await rewritten(source, { groups: { from: 3, to: 4 } }),
      await rewritten(source, { groups: { from: 4, to: 10 } }),
    ];
    const all = `(${parts.map((part) => `FROM '${part}'`).join(" UNION ALL ")})`;
    expect(await fixture.rows(`(${all} EXCEPT ALL FROM '${source}')`)).toEqual([]);
    expect(await fixture.rows(`SELECT count(*)::INT AS n FROM ${all}`)).toEqual([{ n: 20_000 }]);
    const again = `${fixture.path()}.parquet`;
    await rewrite({ parts: parts.map((path) => ({ path })), target: again, made: [], footer: () => {} });
    expect(await differences(again, source)).toEqual([]);
    // DuckDB's own bloom filters moved along
    const look = (where: string) => fixture.rows(`SELECT count(*)::INT AS n FROM ${all} WHERE ${where}`);
    expect(await look("device = 'dev7'")).toEqual([{ n: 400 }]);
    expect(await look("device = 'dev70'")).toEqual([{ n: 0 }]);
  });
});
