import { expect, test } from "vitest";
import { FakeContext } from "../fake-context.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runStages } from "./run-stages.ts";
import { holds, summary, total } from "./tally.ts";
import type { Stage } from "./stages.ts";

const ended = (passed: number, failed: number, ...notes: string[]): Stage => {
  return () => Promise.resolve({ passed, failed, notes });
};

const unable: Stage = () => Promise.reject(new Error("no Chromium"));

async function run(stages: Record<string, Stage>) {
  const root = mkdtempSync(join(tmpdir(), "gridlake-stages-"));
  try {
    const context = new FakeContext({ root });
    return { held: await runStages(stages, context), stdout: context.stdout };
  } finally {
    rmSync(root, { recursive: true });
  }
}

test("the last line is the sum, alone on its line", async () => {
  const { held, stdout } = await run({ checks: ended(5, 0), unit: ended(120, 0) });
  expect(held).toBe(true);
  expect(stdout.split("\n").slice(-3)).toEqual(["", "125 passed, 0 failed", ""]);
});

test("one failure anywhere is a failure, and the later stages run all the same", async () => {
  const { held, stdout } = await run({ checks: ended(4, 1, "lint failed: exit code 1"), unit: ended(3, 0) });
  expect(held).toBe(false);
  expect(stdout).toContain("checks: lint failed: exit code 1\n");
  expect(stdout).toMatch(/^7 passed, 1 failed$/m);
});

test("a stage that could not begin counts as one failure, with its remedy", async () => {
  const { held, stdout } = await run({ unit: ended(3, 0), browser: unable });
  expect(held).toBe(false);
  expect(stdout).toContain("browser: UNEXPECTED: no Chromium");
  expect(stdout).toMatch(/^3 passed, 1 failed$/m);
});

test("a stage without a test has shown nothing, whatever the others say", async () => {
  expect((await run({ unit: ended(3, 0), e2e: ended(0, 0) })).held).toBe(false);
  expect((await run({})).held).toBe(false);
});

test("sums", () => {
  expect(total([])).toEqual({ passed: 0, failed: 0 });
  expect(holds({ passed: 0, failed: 0 })).toBe(false);
  expect(holds({ passed: 1, failed: 1 })).toBe(false);
  expect(holds({ passed: 1, failed: 0 })).toBe(true);
  expect(summary([]).trim()).toBe("0 passed, 0 failed");
});
