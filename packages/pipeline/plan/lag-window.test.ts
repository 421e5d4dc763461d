import { expect, test } from "vitest";
import { lagWindowOf } from "./lag-window.ts";
import { modelOf } from "./models.fixture.ts";

/** `lag(a.n)` over rows told apart by (g, ts) of a grouping's model, or by dim_fact's k. */
const over = (window: string, from = "FROM ref('dim_fact') AS a", more = ""): string =>
  `SELECT a.k AS id, lag(a.n) OVER (${window}) AS p${more} ${from}`;

test("a lag whose partition and order are the key finds neighbours row by row", async () => {
  const window = lagWindowOf(await modelOf("id", "id p", over("ORDER BY a.k")));
  expect(window).toMatchObject({ partition: [], order: "k", orderIsInstant: false, key: ["k"] });
  expect(window?.input).toEqual({ alias: "a", source: { kind: "model", name: "dim_fact" } });
});

test("several lags are one window, if they are over the same rows in the same order", async () => {
  const more = ", lag(a.x) OVER (ORDER BY a.k) AS q";
  expect(lagWindowOf(await modelOf("id", "id p q", over("ORDER BY a.k", undefined, more)))).not.toBeNull();
  const others = ", lag(a.x) OVER (ORDER BY a.k DESC) AS q";
  expect(lagWindowOf(await modelOf("id", "id p q", over("ORDER BY a.k", undefined, others)))).toBeNull();
});

test.each([
  ["the order descends", over("ORDER BY a.k DESC")],
  ["the order has two terms", over("ORDER BY a.ts, a.k")],
  ["the partition is no part of the key", over("PARTITION BY a.g ORDER BY a.k")],
  [
    "a filter decides which row is the one before",
    over("ORDER BY a.k", "FROM ref('dim_fact') AS a WHERE a.b"),
  ],
  [
    "a join decides which row is the one before",
    over("ORDER BY a.k", "FROM ref('dim_fact') AS a JOIN ref('dim_group') AS d ON d.g = a.g"),
  ],
])("whole partitions are computed again where %s", async (_, sql) => {
  expect(lagWindowOf(await modelOf("id", "id p", sql))).toBeNull();
});

test("a model without a lag has no window", async () => {
  expect(lagWindowOf(await modelOf("k", "k", "SELECT a.k FROM ref('dim_fact') AS a"))).toBeNull();
});
