import * as fc from "fast-check";
import type { SourceFile } from "../../model/source-file.ts";
import { anyOf, expressionsOver, type Leaves, one } from "./expressions.fixture.ts";
import { modelFile } from "./inputs.fixture.ts";

/* Random models of the subset over `dim_fact` and `dim_group`. What DuckDB makes of the text itself is the oracle. */

/** Expressions of every type over f (and d, where it is joined). */
function expressions(joined: boolean): Leaves {
  return expressionsOver({
    bigint: one("f.k", "f.n", "0", "7", "-3"),
    decimal: joined ? one("f.x", "d.w", "1.25", "-0.5") : one("f.x", "2.500", "-0.5"),
    double: one("CAST(f.x AS DOUBLE)", "1e-1"),
    text: joined ? one("f.g", "f.s", "d.l", "'a%'", "''") : one("f.g", "f.s", "'it''s'", "'ü'"),
    truth: one("f.b", "TRUE", "f.s IS NULL", "f.n IS NOT NULL"),
    instant: one("f.ts", "TIMESTAMPTZ '2024-01-01T05:30:00.25+05:30'"),
  });
}

const named = (list: readonly string[]): string => list.map((text, at) => `, ${text} AS c${at}`).join("");
const names = (list: readonly string[]): string[] => list.map((_, at) => `c${at}`);
const file = (key: string, columns: readonly string[], sql: string): SourceFile =>
  modelFile("dwd_random", key.split(", "), columns, sql);

/** One SELECT of a random shape, with its key. */
export const randomModel: fc.Arbitrary<SourceFile> = fc
  .record({
    join: fc.constantFrom("", "JOIN", "LEFT JOIN"),
    shape: fc.constantFrom("plain", "group", "top", "lag", "union", "many"),
  })
  .chain(({ join, shape }) => {
    const e = expressions(join !== "");
    const from = fc
      .constantFrom("", " AND f.n > 1", " AND d.w < f.x")
      .map((residual) =>
        join === ""
          ? "FROM ref('dim_fact') AS f"
          : `FROM ref('dim_fact') AS f ${join} ref('dim_group') AS d ON d.g = f.g${residual}`,
      );
    const where = fc.oneof(
      fc.constant(""),
      e.truth.map((condition) => ` WHERE ${condition}`),
    );
    const outputs = fc.array(anyOf(e), { minLength: 1, maxLength: 4 });
    switch (shape) {
      case "group": {
        const keys = fc.subarray(
          ["f.g", "window_start(f.ts, '1 hour')", "COALESCE(f.k % 3, 0)", "COALESCE(f.s, '~none')"],
          {
            minLength: 1,
          },
        );
        const aggregate = fc.oneof(
          e.bigint.map((text) => `SUM(${text})`),
          e.decimal.map((text) => `SUM(${text})`),
          anyOf(e).map((text) => `COUNT(${text})`),
          fc.oneof(e.bigint, e.text, e.instant, e.double).map((text) => `MIN(${text})`),
          fc.oneof(e.decimal, e.text, e.instant).map((text) => `MAX(${text})`),
          fc.constant("COUNT(*) + 1"),
          fc.constant("CASE WHEN MAX(f.k) > 5 THEN SUM(f.x) * 2 END"),
        );
        const having = fc.constantFrom(
          "",
          " HAVING COUNT(*) > 1",
          " HAVING SUM(f.n) > 2 OR MIN(f.s) IS NULL",
        );
        return fc
          .tuple(keys, fc.array(aggregate, { minLength: 1, maxLength: 4 }), from, where, having)
          .map(([group, list, source, condition, filter]) => {
            const shown = group.map((text, at) => `${text} AS k${at}`).join(", ");
            const keyNames = group.map((_, at) => `k${at}`);
            const sql = `SELECT ${shown}${named(list)} ${source}${condition} GROUP BY ${group.join(", ")}${filter}`;
            return file(keyNames.join(", "), [...keyNames, ...names(list)], sql);
          });
      }
      case "top":
        return fc
          .tuple(
            outputs,
            from,
            where,
            fc.constantFrom("DESC", "ASC"),
            fc.integer({ min: 1, max: 3 }),
            fc.boolean(),
          )
          .map(([list, source, condition, direction, limit, ranked]) => {
            const rank = `row_number() OVER (PARTITION BY f.g ORDER BY COALESCE(f.x, 0) ${direction}, f.k)`;
            const shown = ranked ? `, ${rank} AS r` : "";
            const sql = `SELECT f.k${shown}${named(list)} ${source}${condition} QUALIFY ${ranked ? "r" : rank} <= ${limit}`;
            return file("k", ["k", ...(ranked ? ["r"] : []), ...names(list)], sql);
          });
      case "lag":
        return fc.tuple(anyOf(e), outputs, from, where).map(([value, list, source, condition]) => {
          const lag = `lag(${value}) OVER (PARTITION BY f.g ORDER BY f.ts, f.k DESC)`;
          const sql = `SELECT f.k, ${lag} AS p, COALESCE(lag(f.n) OVER (PARTITION BY f.s ORDER BY f.k), -1) AS q${named(list)} ${source}${condition}`;
          return file("k", ["k", "p", "q", ...names(list)], sql);
        });
      case "union":
        return fc.tuple(e.bigint, e.text, from, where).map(([number, word, source, condition]) => {
          const first = `SELECT 'a' AS part, f.k, ${number} AS c0, ${word} AS c1 ${source}${condition}`;
          const second = `SELECT 'b' AS part, f.k, f.n AS c0, f.g AS c1 FROM ref('dim_fact') AS f`;
          return file("part, k", ["part", "k", "c0", "c1"], `${first}\nUNION ALL\n${second}`);
        });
      case "many":
        return fc.tuple(outputs, where).map(([list, condition]) => {
          const pairs = "FROM ref('dim_fact') AS f JOIN ref('dim_fact') AS o ON f.g = o.g AND o.k > f.k";
          const label = "LEFT JOIN ref('dim_group') AS d ON d.g = o.g";
          const sql = `SELECT f.k, o.k AS k2${named(list)} ${pairs} ${label}${condition}`;
          return file("k, k2", ["k", "k2", ...names(list)], sql);
        });
      default:
        return fc
          .tuple(outputs, from, where)
          .map(([list, source, condition]) =>
            file("k", ["k", ...names(list)], `SELECT f.k${named(list)} ${source}${condition}`),
          );
    }
  });
