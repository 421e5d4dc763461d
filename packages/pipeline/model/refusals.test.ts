import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { TOPICS } from "@gridlake/contracts";
import { type CheckedModels, checkModels } from "./load.ts";
import { readModelFiles } from "./model-files.ts";
import { SourceFile } from "./source-file.ts";

const FOLDER = join(import.meta.dirname, "refused");
const MODELS = join(import.meta.dirname, "../../../models");

/** Each fixture says in its first line with which code it is refused; it is read as one more model, of dwd or ods. */
const fixtures = readdirSync(FOLDER).map((name) => {
  const text = readFileSync(join(FOLDER, name), "utf8");
  const layer = text.includes("\nlayer: ods\n") ? "ods" : "dwd";
  const code = /^-- refused: (MODEL_[A-Z_]+)\n/.exec(text)?.[1];
  // the comment of line one stands before the header, so it is blanked, which keeps every line's number
  return {
    name,
    code,
    file: new SourceFile(`${layer}/${layer}_refused_${name.replaceAll("-", "_")}`, text.replace(/^.*/, "")),
  };
});

describe("what is outside the subset is refused by code and place, all files at once", () => {
  let shipped: SourceFile[] = [];
  let checked: CheckedModels;
  beforeAll(async () => {
    shipped = await readModelFiles(MODELS);
    const seed = new SourceFile("seeds/seed_step.csv", "# steps\nstep:BIGINT:key\n1\n2\n");
    const files = [...shipped, seed, ...fixtures.map(({ file }) => file)];
    checked = await checkModels(files, TOPICS);
  });

  test.each(fixtures)("$name: $code", ({ code, file }) => {
    const problems = checked.problems.filter((problem) => problem.file === file.path);
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    const [problem] = problems;
    expect(problem?.remedy).not.toBe("");
    expect(problem?.construct).not.toBe("");
    const line = file.text.split("\n")[(problem?.line ?? 0) - 1];
    expect(line).toBeDefined();
    expect(problem?.column).toBeLessThanOrEqual((line?.length ?? 0) + 1);
  });

  test("nothing else is refused: the shipped models stand", () => {
    expect(checked.problems).toHaveLength(fixtures.length);
    const names = checked.set.models.map((model) => model.name);
    const models = shipped.filter((file) => file.path.endsWith(".sql"));
    expect(names).toEqual(expect.arrayContaining(models.map((file) => file.path.slice(4, -4))));
  });

  test.each([
    ["unknown-column.sql", 12, 3, "d.nothing"],
    ["now.sql", 12, 7, "now()"],
    ["select-star.sql", 10, 8, "SELECT *"],
    ["union-types.sql", 13, 18, "UNION ALL"],
    ["header-test-column.sql", 8, 10, "x"],
    ["syntax.sql", 11, 6, "the SQL"],
  ])("%s is refused at line %i, column %i", (name, line, column, construct) => {
    const problem = checked.problems.find((one) => one.file.endsWith(name.replaceAll("-", "_")));
    expect([problem?.line, problem?.column, problem?.construct]).toEqual([line, column, construct]);
  });
});
