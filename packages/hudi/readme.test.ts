import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { useFixture } from "./testing/fixture.ts";

const fixture = useFixture();

it("the README's example runs as it stands, and prints what its comments say", async () => {
  const readme = await readFile(new URL("README.md", import.meta.url), "utf8");
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? "";
  const expected = [...example.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1]);
  expect(expected).toHaveLength(6);
  // beside the package, so that its name and its dependencies are found
  const script = new URL("readme-example.tmp.ts", import.meta.url);
  await writeFile(script, example.replaceAll("/tmp/lake/readings", fixture.path()));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script.pathname], { timeout: 20_000 });
    expect(stdout.trim().split("\n")).toEqual(expected);
  } finally {
    await rm(script);
  }
});
