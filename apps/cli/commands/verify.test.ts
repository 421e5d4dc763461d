import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { FakeContext } from "../fake-context.ts";
import type { VerifiedTable } from "../platform.ts";
import { runCommandLine } from "../program.ts";

function verifying(tables: VerifiedTable[], streamMs: number | null = null) {
  return new FakeContext({
    root: "/repo",
    platform: {
      verify({ onTable }) {
        for (const table of tables) onTable?.(table);
        const differences = tables.reduce((sum, table) => sum + table.differences, 0);
        const [waiting, trimmed] = [{ readings: 3 }, { readings: 0 }];
        return Promise.resolve({ tables, differences, waiting, trimmed, streamMs });
      },
    },
  });
}

const EQUAL = {
  model: "dwd_readings",
  rowsCompared: 1_000,
  differences: 0,
  samples: [],
  batchMs: 1_250,
  isFormer: false,
};
const UNEQUAL = {
  model: "ads_load_curve",
  rowsCompared: 60,
  differences: 2,
  samples: ["only in the lake: F1"],
  batchMs: 0,
  isFormer: false,
};

test("equal tables exit 0", async () => {
  const context = verifying([EQUAL]);
  expect(await runCommandLine(["verify", "--data", tmpdir()], context)).toBe(0);
  expect(context.stdout).toMatch(/^dwd_readings +1000 +0$/m);
  expect(context.stdout).toMatch(/^0 differences in 1000 rows of 1 tables$/m);
  expect(context.stdout).toMatch(/^the batch took 1.3 s$/m);
  expect(context.stdout).toMatch(/^3 records of readings are not in the lake yet, and were not compared$/m);
  expect(context.stdout).not.toContain("no longer in the log");
});

test("how long the stream took is told where the lake knows it", async () => {
  const context = verifying([EQUAL], 61_250);
  expect(await runCommandLine(["verify", "--data", tmpdir()], context)).toBe(0);
  expect(context.stdout).toMatch(/^the batch took 1.3 s, the micro-batches 61.3 s together$/m);
});

test("any difference exits 1 and is shown at its table", async () => {
  const context = verifying([EQUAL, UNEQUAL]);
  expect(await runCommandLine(["verify", "--data", tmpdir()], context)).toBe(1);
  expect(context.stdout).toMatch(/^ads_load_curve +60 +2$/m);
  expect(context.stdout).toContain("only in the lake: F1");
  expect(context.stdout).toMatch(/^2 differences in 1060 rows of 2 tables$/m);
});

test("a table of an earlier version of its model is not compared, and that is told", async () => {
  const former = { ...EQUAL, model: "dws_load", rowsCompared: 0, isFormer: true };
  const context = verifying([EQUAL, former]);
  expect(await runCommandLine(["verify", "--data", tmpdir()], context)).toBe(1);
  expect(context.stdout).toMatch(/^dws_load +earlier version +-$/m);
  expect(context.stdout).toMatch(/^not compared, for their new versions are still being built: dws_load$/m);
});

test("to have compared nothing is a failure", async () => {
  const context = verifying([]);
  expect(await runCommandLine(["verify", "--data", tmpdir()], context)).toBe(1);
  expect(context.stderr).toContain("CLI_NOTHING_VERIFIED");
});
