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
});
