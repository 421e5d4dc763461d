import { ManualClock } from "@gridlake/kernel";
import { expect, test } from "vitest";
import type { ModelState } from "../ports.ts";
import type { DataTest } from "./compile.ts";
import { TestRounds } from "./rounds.ts";

const dataTest = (name: string, reads: readonly string[]): DataTest => ({
  name,
  model: reads[0] ?? null,
  kind: "notNull",
  columns: ["a"],
  severity: "error",
  description: name,
  reads,
  sql: name,
});
const TESTS = [dataTest("of_a", ["a"]), dataTest("of_b", ["a", "b"])];

function rig() {
  const rows = { a: 1, b: 1 };
  const asked: string[] = [];
  let broken = 0;
  let down = false;
  const rounds = new TestRounds({
    tests: () => Promise.resolve(TESTS),
    tables: {
      rows: (sql) => {
        asked.push(/\((\w+)\n/.exec(sql)?.[1] ?? "");
        if (down) return Promise.reject(new Error("down"));
        return Promise.resolve(sql.startsWith("SELECT count") ? [{ failures: broken }] : [{ a: null }]);
      },
    },
    state: () => ({
      models: Object.entries(rows).map(
        ([name, rowsOut]) => ({ name, rowsOut, rowsReplaced: 0 }) as ModelState,
      ),
    }),
    clock: new ManualClock(Date.parse("2026-01-01T00:00:00Z")),
  });
  return {
    rounds,
    rows,
    asked: () => asked.splice(0),
    breaks: (count: number) => (broken = count),
    goesDown: (value: boolean) => (down = value),
  };
}

test("every test is run once, and again when a model that it reads has changed", async () => {
  const { rounds, rows, asked } = rig();
  await rounds.run();
  expect(asked()).toEqual(["of_a", "of_b"]);
  expect(rounds.results).toMatchObject([
    { name: "of_a", status: "pass", failures: 0, checkedAt: "2026-01-01T00:00:00.000Z" },
    { name: "of_b", status: "pass" },
  ]);
  await rounds.run();
  expect(asked()).toEqual([]);
  rows.b += 1;
  await rounds.run();
  expect(asked()).toEqual(["of_b"]);
});

test("the last result holds; one that could not be had is sought again", async () => {
  const { rounds, rows, breaks, goesDown } = rig();
  breaks(3);
  await rounds.run();
  expect(rounds.results[0]).toMatchObject({ status: "fail", failures: 3 });
  rows.a += 1;
  goesDown(true);
  await rounds.run();
  expect(rounds.results[0]).toMatchObject({ status: "error", failures: null, error: { message: "down" } });
  goesDown(false);
  breaks(0);
  await rounds.run();
  expect(rounds.results[0]).toMatchObject({ status: "pass", error: null });
});

test("after a stop nothing is run", async () => {
  const { rounds, asked } = rig();
  rounds.start();
  rounds.stop();
  await rounds.run();
  expect(asked()).toEqual([]);
});
