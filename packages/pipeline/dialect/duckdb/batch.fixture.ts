import * as fc from "fast-check";
import type { Topic } from "@gridlake/contracts";
import { SourceFile } from "../../model/source-file.ts";

/*
 * Random models of the subset over two inputs, as text: `dim_fact` has one row a key `k`, `dim_group` one a group `g`.
 * What DuckDB makes of the text itself is the oracle for the plan made from it.
 */

export const TOPICS: readonly Topic[] = [
  {
    name: "facts",
    description: "inputs of random models",
    fields: [
      { name: "k", type: "BIGINT", required: true, description: "key" },
      { name: "g", type: "VARCHAR", required: true, description: "group" },
      { name: "n", type: "BIGINT", required: false, description: "number" },
      { name: "x", type: "DECIMAL(9,3)", required: false, description: "decimal" },
      { name: "s", type: "VARCHAR", required: false, description: "text" },
      { name: "b", type: "BOOLEAN", required: false, description: "truth" },
      { name: "ts", type: "TIMESTAMPTZ", required: true, description: "instant" },
    ],
  },
  {
    name: "groups",
    description: "inputs of random models",
    fields: [
      { name: "g", type: "VARCHAR", required: true, description: "group" },
      { name: "w", type: "DECIMAL(5,2)", required: false, description: "weight" },
      { name: "l", type: "VARCHAR", required: false, description: "label" },
    ],
  },
];

function header(layer: string, key: string, columns: readonly string[]): string {
  const docs = columns.map((name) => `${name}: { description: d }`).join(", ");
  return `/*\nlayer: ${layer}\ndescription: random\nowner: tests\nkey: [${key}]\ncolumns: { ${docs} }\n*/\n`;
}

function latest(
  name: string,
  topic: string,
  key: string,
  columns: readonly string[],
  notNull: readonly string[],
): SourceFile {
  const list = columns.map((column) => `t.${column}`).join(", ");
  const where = notNull.map((column) => `t.${column} IS NOT NULL`).join(" AND ");
  const rank = `row_number() OVER (PARTITION BY t.${key} ORDER BY t.topic_offset, t.line)`;
  const sql = `SELECT ${list} FROM topic('${topic}') AS t WHERE ${where} QUALIFY ${rank} = 1`;
  return new SourceFile(`ods/${name}.sql`, header("ods", key, columns) + sql);
}

export const INPUTS: readonly SourceFile[] = [
  latest("ods_fact", "facts", "k", ["k", "g", "n", "x", "s", "b", "ts"], ["k", "g", "ts"]),
  latest("ods_group", "groups", "g", ["g", "w", "l"], ["g"]),
];

type Text = fc.Arbitrary<string>;

const one = (...texts: string[]): Text => fc.constantFrom(...texts);

/** A pattern with each ? replaced by a part. */
const of = (pattern: string, ...parts: Text[]): Text =>
  fc.tuple(...parts).map((texts) => texts.reduce((text, part) => text.replace("?", () => part), pattern));

/** Expressions of every type over f (and d, where it is joined), two levels deep. */
function expressions(
  joined: boolean,
): Record<"bigint" | "decimal" | "double" | "text" | "truth" | "instant", Text> {
  const leaves = {
    bigint: one("f.k", "f.n", "0", "7", "-3"),
    decimal: joined ? one("f.x", "d.w", "1.25", "-0.5") : one("f.x", "2.500", "-0.5"),
    double: one("CAST(f.x AS DOUBLE)", "1e-1"),
    text: joined ? one("f.g", "f.s", "d.l", "'a%'", "''") : one("f.g", "f.s", "'it''s'", "'ü'"),
    truth: one("f.b", "TRUE", "f.s IS NULL", "f.n IS NOT NULL"),
    instant: one("f.ts", "TIMESTAMPTZ '2024-01-01T05:30:00.25+05:30'"),
  };
  type Leaves = typeof leaves;
  const grow = (t: Leaves): Leaves => {
    const choice = (type: Text): Text[] => [
      of("CASE WHEN ? THEN ? ELSE ? END", t.truth, type, type),
      of("CASE WHEN ? THEN ? END", t.truth, type),
      of("COALESCE(?, ?)", type, type),
    ];
    const compare = (type: Text): Text =>
      of("(? # ?)", type, type).chain((text) =>
        one("=", "<>", "<", "<=", ">", ">=").map((operator) => text.replace("#", operator)),
      );
    return {
      bigint: fc.oneof(
        t.bigint,
        of("(? + ?)", t.bigint, t.bigint),
        of("(? - ?)", t.bigint, t.bigint),
        of("(? * ?)", t.bigint, t.bigint),
        of("(? // ?)", t.bigint, t.bigint),
        of("(? % ?)", t.bigint, t.bigint),
        of("mod(?, ?)", t.bigint, t.bigint),
        of("(- ?)", t.bigint),
        of("abs(?)", t.bigint),
        of("NULLIF(?, ?)", t.bigint, t.bigint),
        of("CAST(floor(?) AS BIGINT)", t.decimal),
        of("TRY_CAST(? AS BIGINT)", t.bigint),
        ...choice(t.bigint),
      ),
      decimal: fc.oneof(
        t.decimal,
        of("(? + ?)", t.decimal, t.decimal),
        of("(? - ?)", t.bigint, t.decimal),
        of("(? * ?)", t.decimal, t.decimal),
        of("(? * ?)", t.decimal, one("3", "1000", "0.001")),
        of("round(?, 1)", t.decimal),
        of("ceil(?)", t.decimal),
        of("abs(?)", t.decimal),
        of("CAST(? AS DECIMAL(12,1))", t.decimal),
        of("CAST(? AS DECIMAL(20,4))", t.bigint),
        of("greatest(COALESCE(?, 0.5), 1)", t.decimal),
        ...choice(t.decimal),
      ),
      double: fc.oneof(
        of("(? / ?)", t.decimal, t.bigint),
        of("(? * ?)", t.double, t.decimal),
        ...choice(t.double),
      ),
      text: fc.oneof(
        t.text,
        of("(? || ?)", t.text, t.text),
        of("upper(?)", t.text),
        of("trim(lower(?))", t.text),
        of("substring(?, 2)", t.text),
        of("substring(? FROM 1 FOR 2)", t.text),
        of("concat(COALESCE(?, 'n'), 'x')", t.text),
        of("CAST(? AS VARCHAR)", t.bigint),
        of("CAST(? AS VARCHAR)", t.decimal),
        ...choice(t.text),
      ),
      truth: fc.oneof(
        compare(t.bigint),
        compare(t.decimal),
        compare(t.text),
        compare(t.instant),
        of("(? > ?)", t.bigint, t.decimal),
        of("(? < ?)", t.decimal, t.double),
        of("(? AND ? AND ?)", t.truth, t.truth, t.truth),
        of("(? OR ?)", t.truth, t.truth),
        of("(NOT ?)", t.truth),
        of("(? IN (?, 5, 2))", t.bigint, t.bigint),
        of("(? NOT IN ('a', ?))", t.text, t.text),
        of("(? BETWEEN ? AND ?)", t.decimal, t.bigint, t.decimal),
        of("(? LIKE '%a_')", t.text),
        of("(? NOT LIKE 'a%')", t.text),
      ),
      instant: fc.oneof(
        t.instant,
        of("(? + INTERVAL '90 minutes')", t.instant),
        of("(? - INTERVAL 2 HOURS)", t.instant),
        of("window_start(?, '#')", t.instant).chain((text) =>
          one("1 minute", "15 minutes", "30 minutes", "1 hour", "1 day", "1 month").map((size) =>
            text.replace("#", size),
          ),
        ),
        ...choice(t.instant),
      ),
    };
  };
  const grown = grow(leaves);
  return grow(grown);
}

const anyOf = (e: ReturnType<typeof expressions>): Text => fc.oneof(...Object.values(e));

const named = (list: readonly string[]): string => list.map((text, at) => `, ${text} AS c${at}`).join("");
const names = (list: readonly string[]): string[] => list.map((_, at) => `c${at}`);
const file = (key: string, columns: readonly string[], sql: string): SourceFile =>
  new SourceFile("dwd/dwd_random.sql", header("dwd", key, columns) + sql);

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
          ? "FROM ref('ods_fact') AS f"
          : `FROM ref('ods_fact') AS f ${join} ref('ods_group') AS d ON d.g = f.g${residual}`,
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
          const second = `SELECT 'b' AS part, f.k, f.n AS c0, f.g AS c1 FROM ref('ods_fact') AS f`;
          return file("part, k", ["part", "k", "c0", "c1"], `${first}\nUNION ALL\n${second}`);
        });
      case "many":
        return fc.tuple(outputs, where).map(([list, condition]) => {
          const pairs = "FROM ref('ods_fact') AS f JOIN ref('ods_fact') AS o ON f.g = o.g AND o.k > f.k";
          const label = "LEFT JOIN ref('ods_group') AS d ON d.g = o.g";
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
