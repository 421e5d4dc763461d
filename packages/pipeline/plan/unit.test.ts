import { expect, test } from "vitest";
import { renderExpr } from "../dialect/duckdb/expression.ts";
import { modelOf } from "./models.fixture.ts";
import { unitOf } from "./unit.ts";

const F = "FROM ref('dim_fact') AS a";
const columns = { column: (input: string, name: string): string => `${input}.${name}` };

test.each([
  ["a row: its key", "k0", "k0 n", `SELECT a.k AS k0, a.n ${F}`, ["k0 = a.k"]],
  [
    "a group: its expressions before grouping",
    "h g",
    "n g h",
    `SELECT SUM(a.n) AS n, a.g, window_start(a.ts, '1 day') AS h ${F} GROUP BY a.g, window_start(a.ts, '1 day')`,
    ["h = date_trunc('day', a.ts)", "g = a.g"],
  ],
  [
    "a top-N: its partition, not its key",
    "k0",
    "k0 s",
    `SELECT a.k AS k0, a.s ${F} QUALIFY row_number() OVER (PARTITION BY a.s ORDER BY a.k) <= 2`,
    ["s = a.s"],
  ],
  [
    "a top-N whose partition is not shown: the table",
    "k0",
    "k0",
    `SELECT a.k AS k0 ${F} QUALIFY row_number() OVER (PARTITION BY a.s ORDER BY a.k) <= 2`,
    [],
  ],
  [
    "a top-N without partition: the table",
    "k",
    "k",
    `SELECT a.k ${F} QUALIFY row_number() OVER (ORDER BY a.k) = 1`,
    [],
  ],
  [
    "lags over one partition: the partition",
    "k",
    "k s p q",
    `SELECT a.k, a.s, lag(a.n) OVER (PARTITION BY a.s ORDER BY a.k) AS p, lag(a.x) OVER (PARTITION BY a.s ORDER BY a.ts, a.k) AS q ${F}`,
    ["s = a.s"],
  ],
  [
    "lags over two partitions: the table",
    "k",
    "k s g p q",
    `SELECT a.k, a.s, a.g, lag(a.n) OVER (PARTITION BY a.s ORDER BY a.k) AS p, lag(a.n) OVER (PARTITION BY a.g ORDER BY a.k) AS q ${F}`,
    [],
  ],
])("the unit of %s", async (_, key, names, sql, expected) => {
  const unit = unitOf(await modelOf(key, names, sql));
  const shown = unit.columns.map((name, at) => {
    const expr = unit.exprs[0]?.[at];
    return `${name} = ${expr === undefined ? "" : renderExpr(expr, columns)}`;
  });
  expect(shown).toEqual(expected);
});

test("the unit of a union: its key in each of its parts", async () => {
  const sql = `SELECT 'a' AS part, a.k ${F} UNION ALL SELECT 'b' AS part, a.k ${F}`;
  const unit = unitOf(await modelOf("part k", "part k", sql));
  expect(unit.columns).toEqual(["part", "k"]);
  expect(unit.exprs.map((list) => list.map((expr) => renderExpr(expr, columns)))).toEqual([
    ["'a'", "a.k"],
    ["'b'", "a.k"],
  ]);
});

test("the unit of a union with a top-N in it: the table", async () => {
  const sql = `SELECT 'a' AS part, a.k ${F} QUALIFY row_number() OVER (PARTITION BY a.g ORDER BY a.k) = 1
UNION ALL SELECT 'b' AS part, a.k ${F}`;
  expect(unitOf(await modelOf("part k", "part k", sql)).columns).toEqual([]);
});
