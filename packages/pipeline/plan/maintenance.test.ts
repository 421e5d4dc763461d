import { expect, test } from "vitest";
import { maintain } from "./maintenance.ts";
import { modelOf } from "./models.fixture.ts";

const F = "FROM ref('dim_fact') AS a";
const kindOf = async (key: string, columns: string, sql: string): Promise<string> =>
  maintain(await modelOf(key, columns, sql)).maintenance.kind;

test.each([
  ["project", "k", "k n", `SELECT a.k, a.n ${F} WHERE a.b`],
  ["project", "k", "k l", `SELECT a.k, d.l ${F} LEFT JOIN ref('dim_group') AS d ON d.g = a.g`],
  ["project", "p k", "p k", `SELECT 'a' AS p, a.k ${F} UNION ALL SELECT 'b' AS p, a.k ${F}`],
  ["aggregate", "g", "g n", `SELECT a.g, SUM(a.n) AS n ${F} GROUP BY a.g`],
  ["recompute", "g", "g n", `SELECT a.g, SUM(a.n) AS n ${F} GROUP BY a.g HAVING COUNT(*) > 1`],
  [
    "latest",
    "g",
    "g n",
    `SELECT a.g, a.n ${F} QUALIFY row_number() OVER (PARTITION BY a.g ORDER BY a.k) = 1`,
  ],
  // one row a partition, but not the partition is the key
  [
    "recompute",
    "k",
    "k g",
    `SELECT a.k, a.g ${F} QUALIFY row_number() OVER (PARTITION BY a.g ORDER BY a.k) = 1`,
  ],
  [
    "recompute",
    "k",
    "k g",
    `SELECT a.k, a.g ${F} QUALIFY row_number() OVER (PARTITION BY a.g ORDER BY a.k) <= 2`,
  ],
  ["recompute", "k", "k p", `SELECT a.k, lag(a.n) OVER (ORDER BY a.k) AS p ${F}`],
])("%s: key %s, columns %s: %s", async (kind, key, columns, sql) => {
  expect(await kindOf(key, columns, sql)).toBe(kind);
});

test("a grouping keeps hidden what merging needs and the model does not show", async () => {
  const sql = `SELECT a.g, SUM(a.n) AS n, SUM(a.x) + MAX(a.n) AS y ${F} GROUP BY a.g`;
  const { hidden, maintenance } = maintain(await modelOf("g", "g n y", sql));
  expect(hidden).toEqual([
    { name: "__c0", type: "BIGINT" }, // how many n are not NULL
    { name: "__a1", type: "DECIMAL(38,3)" },
    { name: "__c1", type: "BIGINT" },
    { name: "__a2", type: "BIGINT" },
    { name: "__rows", type: "BIGINT" },
  ]);
  expect(maintenance).toMatchObject({
    kind: "aggregate",
    rowsColumn: "__rows",
    retractable: false,
    aggregates: [
      { fn: "sum", column: "n", countColumn: "__c0" },
      { fn: "count", column: "__c0" },
      { fn: "sum", column: "__a1", countColumn: "__c1" },
      { fn: "count", column: "__c1" },
      { fn: "max", column: "__a2" },
    ],
  });
});

test("a grouping that shows what merging needs hides nothing", async () => {
  const sql = `SELECT a.g, SUM(a.k) AS n, COUNT(*) AS c ${F} GROUP BY a.g`;
  const { hidden, maintenance } = maintain(await modelOf("g", "g n c", sql));
  expect(hidden).toEqual([]);
  expect(maintenance).toMatchObject({ rowsColumn: "c", retractable: true });
  const partial = maintenance.kind === "aggregate" ? maintenance.partial.output : [];
  // a change's own sum may be beyond BIGINT
  expect(partial.map(({ name, type }) => [name, type])).toEqual([
    ["g", "VARCHAR"],
    ["n", "DECIMAL(38,0)"],
    ["c", "BIGINT"],
  ]);
});

test("the latest row keeps the terms of its order, shown or hidden", async () => {
  const rank = "row_number() OVER (PARTITION BY a.g ORDER BY COALESCE(a.n, 0) DESC, a.k)";
  const { hidden, maintenance } = maintain(
    await modelOf("g", "g k", `SELECT a.g, a.k ${F} QUALIFY ${rank} = 1`),
  );
  expect(hidden).toEqual([{ name: "__o0", type: "BIGINT" }]);
  expect(maintenance).toEqual({
    kind: "latest",
    order: [
      { column: "__o0", descending: true },
      { column: "k", descending: false },
    ],
  });
});

test("a lag by its key keeps the order value of the row before", async () => {
  const { hidden, blocks } = maintain(
    await modelOf("k", "k p", `SELECT a.k, lag(a.n) OVER (ORDER BY a.k) AS p ${F}`),
  );
  expect(hidden).toEqual([{ name: "__before", type: "BIGINT" }]);
  expect(blocks[0]?.output.map(({ name }) => name)).toEqual(["k", "p", "__before"]);
});
