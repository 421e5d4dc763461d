import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Expr, WindowUnit } from "../../ir/expression.ts";
import type { PortableType } from "../../ir/portable-type.ts";
import { renderExpr } from "./expression.ts";

const TS: Expr = { kind: "column", input: "t", name: "ts", type: "TIMESTAMPTZ", nullable: false };
const scope = { column: (_input: string, name: string): string => name };
const windowStart = (count: number, unit: WindowUnit): string =>
  renderExpr({ kind: "windowStart", operand: TS, count, unit, type: "TIMESTAMPTZ", nullable: false }, scope);

const operand = (name: string): Expr => ({
  kind: "column",
  input: "t",
  name,
  type: "DECIMAL(18,3)",
  nullable: false,
});

const reckoned = (fn: "*" | "+", type: PortableType): string =>
  renderExpr({ kind: "call", fn, args: [operand("a"), operand("b")], type, nullable: false }, scope);

const partOf = (fn: "minuteOfDay" | "dayOfWeek"): string =>
  renderExpr({ kind: "call", fn, args: [TS], type: "BIGINT", nullable: false }, scope);

test("two 64-bit decimals are reckoned with in 128 bits, so that their product has room", async () => {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const list = `${reckoned("*", "DECIMAL(36,6)")}, ${reckoned("+", "DECIMAL(19,3)")}`;
  const numbers = "SELECT 999999999999999.999::DECIMAL(18,3) AS a, 999999999999999.999::DECIMAL(18,3) AS b";
  const rows = (await connection.runAndReadAll(`SELECT ${list} FROM (${numbers})`)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  expect(rows).toEqual([["999999999999999998000000000000.000001", "1999999999999999.998"]]);
});

const instant = (value: string): Expr => ({ kind: "literal", value, type: "TIMESTAMPTZ", nullable: false });
const double = (value: string): Expr => ({ kind: "literal", value, type: "DOUBLE", nullable: false });
const called = (fn: "ln" | "exp" | "sqrt" | "secondsBetween" | "addSeconds", ...args: Expr[]): string =>
  renderExpr({ kind: "call", fn, args, type: "DOUBLE", nullable: true }, scope);

test.each([
  // each cut down to its second: 59.9 to 61.1 is two, and a moment over the turn of a second is one
  ["2024-01-01T00:00:59.900000Z", "2024-01-01T00:01:01.100000Z", "2"],
  ["2024-01-01T00:00:00.999999Z", "2024-01-01T00:00:01.000000Z", "1"],
  ["2024-01-01T00:00:01.000000Z", "2024-01-01T00:00:00.999999Z", "-1"],
  ["1969-12-31T23:59:59.500000Z", "1970-01-01T00:00:00.500000Z", "1"],
  ["1969-12-31T23:59:58.500000Z", "1969-12-31T23:59:59.499999Z", "1"],
  ["2023-12-31T23:00:00.000000Z", "2024-12-31T23:00:00.000000Z", "31622400"],
])("from %s to %s it is %s seconds", async (from, to, seconds) => {
  expect(await valuesOf(called("secondsBetween", instant(from), instant(to)))).toEqual([seconds]);
});

test("seconds are added across changes of the clocks", async () => {
  const seconds: Expr = { kind: "literal", value: "-7200", type: "BIGINT", nullable: false };
  const moved = called("addSeconds", instant("2024-03-31T02:00:00.250000Z"), seconds);
  expect(await valuesOf(`epoch_ms(${moved})`)).toEqual([String(Date.parse("2024-03-31T00:00:00.250Z"))]);
});

test("a logarithm or root of what has none is NULL", async () => {
  const values = [called("ln", double("0")), called("ln", double("-1")), called("sqrt", double("-1"))];
  expect(await valuesOf(...values)).toEqual([null, null, null]);
  const [e, one, two] = await valuesOf(
    called("ln", double("2.718281828459045")),
    called("exp", double("0")),
    called("sqrt", double("4")),
  );
  expect([e, one, two]).toEqual([1, 1, 2]);
});

async function valuesOf(...exprs: string[]): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'Europe/London'");
  const [row] = (await connection.runAndReadAll(`SELECT ${exprs.join(", ")}`)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return row ?? [];
}

describe("windows in DuckDB", () => {
  let connection: DuckDBConnection;
  let close: () => void;
  beforeAll(async () => {
    const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
    connection = await instance.connect();
    close = () => {
      connection.closeSync();
      instance.closeSync();
    };
  });
  afterAll(() => close());

  /** Every minute of the days around a change of the clocks. */
  const windows = async (
    zone: string,
    day: string,
    start: string,
  ): Promise<{ ts: string; start: string }[]> => {
    await connection.run(`SET TimeZone = '${zone}'`);
    const minutes = `SELECT TIMESTAMPTZ '${day}T00:00:00Z' + to_minutes(i) AS ts FROM range(-1440, 2880) AS r(i)`;
    const sql = `SELECT epoch_ms(ts), epoch_ms(${start}) FROM (${minutes}) ORDER BY ts`;
    const rows = (await connection.runAndReadAll(sql)).getRows() as [bigint, bigint][];
    return rows.map(([ts, begin]) => ({ ts: String(ts), start: String(begin) }));
  };

  const CHANGES: [string, string][] = [
    ["UTC", "2024-03-31"],
    ["Asia/Shanghai", "2024-03-31"],
    ["Asia/Kathmandu", "2024-03-31"],
    ["Europe/London", "2024-03-31"],
    ["Europe/London", "2024-10-27"],
    ["America/New_York", "2024-03-10"],
    ["America/New_York", "2024-11-03"],
    ["America/St_Johns", "2024-11-03"],
  ];
  const SIZES: [number, WindowUnit][] = [
    [1, "minute"],
    [5, "minute"],
    [15, "minute"],
    [10, "minute"],
    [30, "minute"],
    [1, "hour"],
  ];

  test.each(CHANGES)(
    "%s around %s: an instant lies in [start, start + size), and windows tile",
    async (zone, day) => {
      for (const [count, unit] of SIZES) {
        const sizeMs = count * (unit === "hour" ? 3_600_000 : 60_000);
        const rows = await windows(zone, day, windowStart(count, unit));
        const starts = [...new Set(rows.map((row) => Number(row.start)))];
        for (const row of rows) {
          const into = Number(row.ts) - Number(row.start);
          expect([zone, count, unit, row.ts, into >= 0 && into < sizeMs]).toEqual([
            zone,
            count,
            unit,
            row.ts,
            true,
          ]);
        }
        const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
        expect(gaps.every((gap) => gap === sizeMs)).toBe(true);
      }
    },
  );

  test("an hour begins with the local clock's hour, also where that is UTC's quarter past", async () => {
    const [row] = await windows("Asia/Kathmandu", "2024-06-01", windowStart(1, "hour"));
    expect(new Date(Number(row?.start)).toISOString()).toBe("2024-05-30T23:15:00.000Z");
  });

  test("a day is the calendar's: 23 or 25 hours where the clocks change", async () => {
    for (const [day, hours] of [
      ["2024-03-31", 23],
      ["2024-10-27", 25],
    ] as const) {
      const rows = await windows("Europe/London", day, windowStart(1, "day"));
      const starts = [...new Set(rows.map((row) => Number(row.start)))];
      const lengths = starts.slice(1).map((start, index) => (start - (starts[index] ?? 0)) / 3_600_000);
      expect(lengths).toContain(hours);
    }
  });

  test.each(CHANGES)(
    "%s around %s: the clock's minute and weekday are those of its own calendar",
    async (zone, day) => {
      await connection.run(`SET TimeZone = '${zone}'`);
      const instants = `SELECT TIMESTAMPTZ '${day}T00:00:00Z' + to_minutes(i) AS ts FROM range(-1440, 2880) AS r(i)`;
      const sql = `SELECT epoch_ms(ts), ${partOf("minuteOfDay")}, ${partOf("dayOfWeek")} FROM (${instants})`;
      const rows = (await connection.runAndReadAll(sql)).getRows() as [bigint, bigint, bigint][];
      const clock = new Intl.DateTimeFormat("en-GB", {
        timeZone: zone,
        hour: "2-digit",
        minute: "2-digit",
        weekday: "short",
        hourCycle: "h23",
      });
      const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
      for (const [ms, minute, weekday] of rows) {
        const parts = Object.fromEntries(
          clock.formatToParts(new Date(Number(ms))).map(({ type, value }) => [type, value]),
        );
        const expected = [Number(parts["hour"]) * 60 + Number(parts["minute"]), parts["weekday"]];
        expect([Number(minute), weekdays[Number(weekday) - 1]]).toEqual(expected);
      }
    },
  );
});
