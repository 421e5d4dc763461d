import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FakeContext } from "../fake-context.ts";
import { Workshop } from "./workshop.ts";

// real vitest runs over small projects: the report's form is vitest's to change
let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "gridlake-report-"));
  symlinkSync(resolve(import.meta.dirname, "../../../node_modules"), join(root, "node_modules"));
  writeFileSync(join(root, "package.json"), '{ "type": "module" }');
  const projects = ["good", "bad", "idle", "broken", "stray", "empty"].map((name) => ({
    test: { name, include: [`${name}/*.test.ts`] },
  }));
  writeFileSync(
    join(root, "vitest.config.ts"),
    `export default ${JSON.stringify({ test: { projects, maxWorkers: 1 } })};`,
  );
  const file = (path: string, text: string) => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), `import { expect, test } from "vitest";\n${text}`);
  };
  const passing = 'test("one", () => { expect(1).toBe(1); });';
  file("good/a.test.ts", passing);
  file("good/under/b.test.ts", passing);
  file("bad/a.test.ts", `${passing} test("two", () => { expect(1).toBe(2); });`);
  file("idle/a.test.ts", `${passing} test.skip("two", () => {}); test.todo("three");`);
  file("broken/a.test.ts", 'import "./nowhere.ts"; test("one", () => {});');
  file("broken/b.test.ts", passing);
  file("stray/a.test.ts", `${passing} test("two", () => { void Promise.reject(new Error("stray")); });`);
});
afterAll(() => rmSync(root, { recursive: true }));

const run = (project: string, limitMs = 30_000) =>
  new Workshop(new FakeContext({ root, env: { PATH: process.env["PATH"] ?? "" } })).vitest({
    project,
    limitMs,
    // these runs are meant to fail: their words would be taken for those of the run they are part of
    output: "hidden",
  });

test("what passes is counted", async () => {
  expect(await run("good")).toEqual({ passed: 1, failed: 0, notes: [] });
});

test("what fails is counted and named", async () => {
  const outcome = await run("bad");
  expect(outcome).toMatchObject({ passed: 1, failed: 1 });
  expect(outcome.notes).toEqual([expect.stringMatching(/bad\/a\.test\.ts > two$/)]);
});

test("what was skipped or left to be written counts as failed", async () => {
  const outcome = await run("idle");
  expect(outcome).toMatchObject({ passed: 1, failed: 2 });
  expect(outcome.notes).toEqual(["2 tests were skipped or are still to be written"]);
});

test("a file that does not load counts as failed and is named", async () => {
  const outcome = await run("broken");
  expect(outcome).toMatchObject({ passed: 1, failed: 1 });
  expect(outcome.notes[0]).toMatch(/broken\/a\.test\.ts did not load: .*nowhere/);
});

test("an error outside the tests counts as failed", async () => {
  const outcome = await run("stray");
  expect(outcome).toMatchObject({ passed: 2, failed: 1 });
  expect(outcome.notes[0]).toContain("an error outside the tests");
});

test("a run without a test counts as failed", async () => {
  expect(await run("empty")).toMatchObject({ passed: 0, failed: 1, notes: ["no test ran"] });
});

test("a run past its limit is ended, and no older report speaks for it", async () => {
  await run("good");
  const outcome = await run("good", 1);
  expect(outcome).toMatchObject({ passed: 0, failed: 1 });
  expect(outcome.notes.join()).toContain("limit of 0.001 s");
});
