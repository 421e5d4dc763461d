import { resolve } from "node:path";
import { expect, test } from "vitest";
import { describe, repositoryAt } from "./repository.ts";
import { RULES } from "./rules.ts";

const repository = repositoryAt(resolve(import.meta.dirname, "../.."));

test("the repository is there to be held to its rules", () => {
  expect(repository.paths).toContain("tools/tidy/tidy.test.ts");
});

test.each(Object.entries(RULES))("%s", (_, rule) => {
  expect(rule(repository).map(describe)).toEqual([]);
});
