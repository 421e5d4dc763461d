import { describe, expect, test } from "vitest";
import type { Expr } from "../../ir/expression.ts";
import type { PortableType } from "../../ir/portable-type.ts";
import { renderExpr } from "./expression.ts";
import { zoneHistory } from "./zone-history.ts";

const column = (name: string, type: PortableType, nullable = true): Expr => ({
  kind: "column",
  input: "t",
  name,
  type,
  nullable,
});
const literal = (value: string, type: PortableType): Expr => ({
  kind: "literal",
  value,
  type,
  nullable: false,
});
const call = (fn: Extract<Expr, { kind: "call" }>["fn"], type: PortableType, ...args: Expr[]): Expr => ({
  kind: "call",
  fn,
  args,
  type,
  nullable: true,
});
const cast = (operand: Expr, type: PortableType): Expr => ({
  kind: "cast",
  operand,
  safe: false,
  type,
  nullable: true,
});
const render = (expr: Expr, timeZone = "UTC"): string =>
  renderExpr(expr, { zone: zoneHistory(timeZone), column: (_input, name) => name });

const start = (count: number, unit: "minute" | "hour" | "day" | "month", timeZone: string): string =>
  render(
    {
      kind: "windowStart",
      operand: column("ts", "TIMESTAMPTZ"),
      count,
      unit,
      type: "TIMESTAMPTZ",
      nullable: true,
    },
    timeZone,
  );

test("a BIGINT comes back from DECIMAL by its text, which alone can be too long", () => {
  expect(render(call("+", "BIGINT", column("a", "BIGINT"), literal("1", "BIGINT")))).toBe(
    "CAST(CAST((CAST(a AS DECIMAL(19, 0)) + CAST(CAST('1' AS BIGINT) AS DECIMAL(19, 0))) AS STRING) || '' AS BIGINT)",
  );
});

test("a text is never a CHAR, which CASE would pad", () => {
  expect(render(literal("it's", "VARCHAR"))).toBe("CAST('it''s' AS STRING)");
});

test("a DECIMAL that always fits is cast as it is, one that may not is looked at", () => {
  const x = column("x", "DECIMAL(9,3)");
  expect(render(cast(x, "DECIMAL(12,3)"))).toBe("CAST(x AS DECIMAL(12,3))");
  expect(render(cast(x, "DECIMAL(8,2)"))).toBe("CAST(CAST(x AS STRING) || '' AS DECIMAL(8,2))");
  expect(render(cast(x, "DECIMAL(9,2)"))).toBe("CAST(x AS DECIMAL(9,2))");
  const long = column("y", "DECIMAL(38,3)");
  expect(render(call("+", "DECIMAL(38,3)", long, x))).toContain("does not fit");
});

test("an operand that may be an error waits for its turn in COALESCE", () => {
  const a = column("a", "BIGINT");
  expect(render(call("coalesce", "BIGINT", a, literal("0", "BIGINT")))).toBe(
    "COALESCE(a, CAST('0' AS BIGINT))",
  );
  expect(render(call("coalesce", "BIGINT", a, call("negate", "BIGINT", a)))).toMatch(
    /^CASE WHEN a IS NOT NULL/,
  );
});

test("a fraction without a digit before the point comes from a text without one", () => {
  expect(render(cast(column("x", "DECIMAL(9,3)"), "DECIMAL(3,3)"))).toBe(
    "CAST(REGEXP_REPLACE(CAST(x AS STRING), '(?<=^-?)0(?=[.])', '') AS DECIMAL(3,3))",
  );
  expect(render(cast(column("n", "BIGINT"), "DECIMAL(3,3)"))).toContain("CAST(n AS DECIMAL(20, 1))");
});

test("the greatest and the least are chosen by comparison, for Flink's own functions mix up rows", () => {
  const [a, b, c] = ["a", "b", "c"].map((name) => column(name, "BIGINT", false));
  if (!a || !b || !c) throw new Error("three columns");
  expect(render(call("greatest", "BIGINT", a, b, c))).toBe(
    "CASE WHEN a >= b AND a >= c THEN a WHEN b >= c THEN b ELSE c END",
  );
  expect(render(call("least", "BIGINT", a, b))).toBe("CASE WHEN a <= b THEN a ELSE b END");
});

test("the clock's minute and the weekday are those of the grid's zone", () => {
  const ts = column("ts", "TIMESTAMPTZ");
  expect(render(call("minuteOfDay", "BIGINT", ts))).toBe(
    "(CAST(SUBSTRING(DATE_FORMAT(ts, 'HH:mm'), 1, 2) AS BIGINT) * 60 + CAST(SUBSTRING(DATE_FORMAT(ts, 'HH:mm'), 4, 2) AS BIGINT))",
  );
  expect(render(call("minuteOfDay", "BIGINT", ts), "Europe/Berlin")).toContain("CONVERT_TZ");
  expect(render(call("dayOfWeek", "BIGINT", ts))).toBe(
    "CAST(MOD(TIMESTAMPDIFF(DAY, TIMESTAMP '1969-12-29 00:00:00', CAST(DATE_FORMAT(ts, 'yyyy-MM-dd') || ' 00:00:00' AS TIMESTAMP(6))), 7) + 1 AS BIGINT)",
  );
});

describe("refused", () => {
  test("a text as a number", () => {
    expect(() => render(cast(column("s", "VARCHAR"), "BIGINT"))).toThrow(
      expect.objectContaining({ code: "FLINK_UNSUPPORTED_CAST" }),
    );
  });

  test("a product whose digits Flink would round away", () => {
    const x = column("x", "DECIMAL(30,10)");
    expect(() => render(call("*", "DECIMAL(38,20)", x, x))).toThrow(
      expect.objectContaining({ code: "FLINK_UNSUPPORTED_DECIMAL" }),
    );
  });
});

describe("windows", () => {
  test("are plain arithmetic where the zone allows it", () => {
    expect(start(1, "minute", "Europe/Berlin")).toBe("FLOOR(ts TO MINUTE)");
    expect(start(1, "hour", "Europe/Berlin")).toBe("FLOOR(ts TO HOUR)");
    expect(start(15, "minute", "Asia/Kathmandu")).not.toContain("CONVERT_TZ");
    expect(start(1, "day", "UTC")).toBe("FLOOR(ts TO DAY)");
  });

  test("ask the calendar where the clocks change, and only before they came to rest", () => {
    expect(start(1, "day", "Europe/Berlin")).toMatch(/^CAST\(CONVERT_TZ\(/);
    expect(start(1, "day", "Asia/Shanghai")).toMatch(/^CASE WHEN ts >= TIMESTAMP '199\d-/);
    expect(start(1, "hour", "Asia/Kathmandu")).toMatch(/^CASE WHEN ts >= TIMESTAMP '1987-/);
  });
});
