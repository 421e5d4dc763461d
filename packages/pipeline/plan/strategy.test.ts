import { expect, test } from "vitest";
import { maintain } from "./maintenance.ts";
import { modelOf } from "./models.fixture.ts";
import { strategyOf } from "./strategy.ts";

const changes = (...of: [string, number, number][]) =>
  new Map(of.map(([model, newRows, oldRows]) => [model, { newRows, oldRows }]));
const came = (model: string): [string, number, number] => [model, 2, 0];

const LEFT = "SELECT a.k, d.l FROM ref('dim_fact') AS a LEFT JOIN ref('dim_group') AS d ON d.g = a.g";
const INNER = LEFT.replace("LEFT JOIN", "JOIN");
const SELF = "SELECT a.k, b.n AS l FROM ref('dim_fact') AS a LEFT JOIN ref('dim_fact') AS b ON b.k = a.n";
const delta = (alias: string | null, retracts = false) => ({ kind: "delta", aliases: [alias], retracts });

test.each([
  ["nothing that it reads", LEFT, changes(came("ods_fact")), { kind: "skip" }],
  ["an input, but no row of it", LEFT, changes(["dim_fact", 0, 0]), { kind: "skip" }],
  ["the rows of a left join", LEFT, changes(came("dim_fact")), delta("a")],
  ["rows that went", LEFT, changes(["dim_fact", 0, 1]), delta("a", true)],
  ["the side of a left join that may be empty", LEFT, changes(came("dim_group")), { kind: "recompute" }],
  ["one side of a join", INNER, changes(came("dim_group")), delta("d")],
  ["both sides of a join", INNER, changes(came("dim_fact"), came("dim_group")), { kind: "recompute" }],
  ["a model read under two aliases", SELF, changes(came("dim_fact")), { kind: "recompute" }],
])("%s changed", async (_, sql, changed, expected) => {
  expect(strategyOf(maintain(await modelOf("k", "k l", sql)), changed)).toEqual(expected);
});

test("each part of a union goes its own way", async () => {
  const sql = `SELECT 'a' AS p, a.k FROM ref('dim_fact') AS a
UNION ALL SELECT 'b' AS p, b.k FROM ref('dim_fact') AS b JOIN ref('dim_group') AS d ON d.g = b.g
UNION ALL SELECT 'c' AS p, c.k FROM ref('dim_fact_last') AS c`;
  const union = maintain(await modelOf("p k", "p k", sql));
  const strategy = (...of: [string, number, number][]) => strategyOf(union, changes(...of));
  expect(strategy(came("dim_fact"))).toEqual({ kind: "delta", aliases: ["a", "b", null], retracts: false });
  expect(strategy(came("dim_group"), ["dim_fact_last", 1, 1])).toEqual({
    kind: "delta",
    aliases: [null, "d", "c"],
    retracts: true,
  });
  expect(strategy(came("dim_group"), came("dim_fact"))).toEqual({ kind: "recompute" });
});

test("what is computed again is so whatever changed", async () => {
  const sql =
    "SELECT a.k, a.g FROM ref('dim_fact') AS a QUALIFY row_number() OVER (PARTITION BY a.g ORDER BY a.k) <= 2";
  const top = maintain(await modelOf("k", "k g", sql));
  expect(strategyOf(top, changes(came("dim_fact")))).toEqual({ kind: "recompute" });
  expect(strategyOf(top, changes(came("dim_group")))).toEqual({ kind: "skip" });
});
