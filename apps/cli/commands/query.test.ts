import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { GridlakeError } from "@gridlake/kernel";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeContext } from "../fake-context.ts";
import type { QueryResult } from "../platform.ts";
import { runCommandLine } from "../program.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gridlake-query-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const RESULT: QueryResult = {
  columns: [
    { name: "device", type: "VARCHAR" },
    { name: "energy_wh", type: "BIGINT" },
    { name: "power_w", type: "DECIMAL(12,3)" },
    { name: "share", type: "DOUBLE" },
    { name: "estimated", type: "BOOLEAN" },
  ],
  rows: [
    ["M0001", "123456", "154.600", "0.25", "false"],
    ['M,"2"\n', "9007199254740993", null, "NaN", "true"],
    ["", null, "0.000", "0", null],
  ],
};

function lake(result: QueryResult | Error) {
  const run = vi.fn((_sql: string, _options: { asOf?: string }) =>
    result instanceof Error ? Promise.reject(result) : Promise.resolve(result),
  );
  const close = vi.fn(() => Promise.resolve());
  const opened: string[] = [];
  const context = new FakeContext({
    root: "/repo",
    platform: {
      openLakeQuery({ dataDir }) {
        opened.push(dataDir);
        return Promise.resolve({ run, close });
      },
    },
  });
  return { context, run, close, opened };
}

test("a table for people: NULL has its sign, and the rows are counted", async () => {
  const { context, run, close, opened } = lake(RESULT);
  expect(await runCommandLine(["query", "SELECT 1", "--data", dir], context)).toBe(0);
  expect(run).toHaveBeenCalledWith("SELECT 1", {});
  expect(opened).toEqual([dir]);
  expect(close).toHaveBeenCalledOnce();
  expect(context.stdout).toContain("│ M0001  │           123456 │ 154.600 │");
  expect(context.stdout).toContain("∅ │");
  expect(context.stdout.endsWith("\n3 rows\n")).toBe(true);
});

test("json keeps every digit: what a double cannot hold stays text", async () => {
  const { context } = lake(RESULT);
  await runCommandLine(["query", "SELECT 1", "--data", dir, "--format", "json"], context);
  expect(JSON.parse(context.stdout)).toEqual([
    { device: "M0001", energy_wh: 123456, power_w: "154.600", share: 0.25, estimated: false },
    { device: 'M,"2"\n', energy_wh: "9007199254740993", power_w: null, share: "NaN", estimated: true },
    { device: "", energy_wh: null, power_w: "0.000", share: 0, estimated: null },
  ]);
});

test("json without rows is an empty array", async () => {
  const { context } = lake({ ...RESULT, rows: [] });
  await runCommandLine(["query", "SELECT 1", "--data", dir, "--format", "json"], context);
  expect(context.stdout).toBe("[]\n");
});

test("csv is read back as it was, and tells NULL from an empty text", async () => {
  const { context } = lake(RESULT);
  await runCommandLine(["query", "SELECT 1", "--data", dir, "--format", "csv"], context);
  const rows: string[][] = parse(context.stdout, { record_delimiter: "\r\n" });
  expect(rows[0]).toEqual(RESULT.columns.map(({ name }) => name));
  expect(rows.slice(1)).toEqual(RESULT.rows.map((row) => row.map((value) => value ?? "")));
  expect(context.stdout).toContain('\r\n"",,0.000,0,\r\n');
});

test("long results come whole, whatever the format", async () => {
  const rows = Array.from({ length: 25_001 }, (_, index) => [`${index}`]);
  const long: QueryResult = { columns: [{ name: "n", type: "BIGINT" }], rows };
  const printed = async (format: string) => {
    const { context } = lake(long);
    await runCommandLine(["query", "SELECT 1", "--data", dir, "--format", format], context);
    return context.stdout;
  };
  expect(JSON.parse(await printed("json"))).toEqual(rows.map(([n]) => ({ n: Number(n) })));
  expect((await printed("csv")).split("\r\n").slice(1, -1)).toEqual(rows.flat());
  expect([...(await printed("table")).matchAll(/^│ +(\d+) │$/gm)].map(([, n]) => n)).toEqual(rows.flat());
});

test.each(["2013-10-01T00:00:00Z", "2013-10-01T08:00:00.5+08:00", "20131001000000000"])(
  "--as-of %s is passed on",
  async (asOf) => {
    const { context, run } = lake(RESULT);
    expect(await runCommandLine(["query", "SELECT 1", "--data", dir, "--as-of", asOf], context)).toBe(0);
    expect(run).toHaveBeenCalledWith("SELECT 1", { asOf });
  },
);

test.each(["yesterday", "2013-10-01", "2013-10-01T00:00:00", "2013-13-41T00:00:00Z", "2013"])(
  "--as-of %s is wrong usage",
  async (asOf) => {
    const { context, opened } = lake(RESULT);
    expect(await runCommandLine(["query", "SELECT 1", "--data", dir, "--as-of", asOf], context)).toBe(2);
    expect(opened).toEqual([]);
  },
);

test("a query that fails closes the lake and exits 1", async () => {
  const { context, close } = lake(
    new GridlakeError("LAKE_SQL", "no such table", { remedy: "see SHOW TABLES" }),
  );
  expect(await runCommandLine(["query", "SELECT x", "--data", dir], context)).toBe(1);
  expect(close).toHaveBeenCalledOnce();
  expect(context.stderr).toBe("LAKE_SQL: no such table\n  → see SHOW TABLES\n");
  expect(context.stdout).toBe("");
});

test("a data directory that is not there is refused before the lake is opened", async () => {
  const { context, opened } = lake(RESULT);
  expect(await runCommandLine(["query", "SELECT 1", "--data", join(dir, "nothing")], context)).toBe(1);
  expect(context.stderr).toContain("CLI_NO_DATA");
  expect(opened).toEqual([]);
});
