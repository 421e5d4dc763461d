import * as fc from "fast-check";

/** Random expressions of the subset as SQL text. */
export type Text = fc.Arbitrary<string>;

export const one = (...texts: string[]): Text => fc.constantFrom(...texts);

/** A pattern with each ? replaced by a part. */
export const of = (pattern: string, ...parts: Text[]): Text =>
  fc.tuple(...parts).map((texts) => texts.reduce((text, part) => text.replace("?", () => part), pattern));

/** What expressions of each type end in: columns and literals. */
export type Leaves = Record<"bigint" | "decimal" | "double" | "text" | "truth" | "instant", Text>;

/** Expressions of every type, two levels deep. */
export function expressionsOver(leaves: Leaves): Leaves {
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
        of("seconds_between(?, ?)", t.instant, t.instant),
        of("minute_of_day(?)", t.instant),
        of("day_of_week(?)", t.instant),
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
        of("CAST(ln(1 + abs(?)) AS DECIMAL(18,9))", t.decimal),
        of("CAST(exp(-abs(?)) AS DECIMAL(18,9))", t.decimal),
        of("ratio(?, ?)", t.bigint, t.bigint),
        of("ratio(?, ?)", t.double, t.bigint),
        ...choice(t.decimal),
      ),
      double: fc.oneof(
        of("(? / ?)", t.decimal, t.bigint),
        of("(? * ?)", t.double, t.decimal),
        of("sqrt(abs(?))", t.decimal),
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
        of("add_seconds(?, ? % 100000)", t.instant, t.bigint),
        of("window_start(?, '#')", t.instant).chain((text) =>
          one("1 minute", "15 minutes", "30 minutes", "1 hour", "1 day", "1 month", "1 year").map((size) =>
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

/** An expression of any type. */
export const anyOf = (expressions: Leaves): Text => fc.oneof(...Object.values(expressions));
