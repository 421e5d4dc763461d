import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { TOPICS } from "@gridlake/contracts";
import { checkModels } from "./load.ts";
import { readModelFiles } from "./model-files.ts";
import { SourceFile } from "./source-file.ts";

const ROOT = join(import.meta.dirname, "../../..");
const reference = readFileSync(join(ROOT, "docs/reference/models.md"), "utf8");

test("the reference's example loads beside the shipped models", async () => {
  const examples = [...reference.matchAll(/```sql\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  expect(examples).toHaveLength(1);
  const files = examples.map((text, index) => new SourceFile(`dws/dws_example_${index}.sql`, text));
  const shipped = await readModelFiles(join(ROOT, "models"));
  const { problems } = await checkModels([...shipped, ...files], TOPICS);
  expect(problems).toEqual([]);
});

test("the reference explains every code, and every code has a fixture", () => {
  const source = readFileSync(join(import.meta.dirname, "problem.ts"), "utf8");
  const codes = [...source.matchAll(/\| "(MODEL_[A-Z_]+)"/g)].map((match) => match[1] ?? "").sort();
  const explained = [...reference.matchAll(/^\| (MODEL_[A-Z_]+) \|/gm)].map((match) => match[1] ?? "").sort();
  expect(explained).toEqual(codes);
  const folder = join(import.meta.dirname, "refused");
  const refused = new Set(
    readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8").split("\n")[0]),
  );
  // a cycle takes several files: load.test.ts has it; tests are planned by themselves: data-tests has them
  const shown = codes
    .filter((code) => code !== "MODEL_CYCLE" && code !== "MODEL_TEST_INVALID")
    .filter((code) => !refused.has(`-- refused: ${code}`));
  expect(shown).toEqual([]);
});

test("the reference names every shipped model", async () => {
  const shipped = await readModelFiles(join(ROOT, "models"));
  const missing = shipped
    .map(({ path }) => basename(path).replace(/\.(sql|csv)$/, ""))
    .filter((name) => !reference.includes(`\`${name}\``));
  expect(missing).toEqual([]);
});
