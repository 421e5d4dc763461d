import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TOPICS } from "@gridlake/contracts";
import { expect, test } from "vitest";
import { loadModels } from "../model/index.ts";
import { goldenFiles, presentGoldens, renewGoldens } from "./golden.ts";

const MODELS = fileURLToPath(new URL("../../../models", import.meta.url));

test("the goldens are those of the models: `node packages/pipeline/golden/renew.ts` writes them anew", async () => {
  const set = await loadModels(MODELS, TOPICS);
  const [wanted, there] = [await goldenFiles(MODELS, set), await presentGoldens(MODELS)];
  expect([...there.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [path, text] of wanted) expect({ path, text: there.get(path) }).toEqual({ path, text });
});

test("over the golden inputs every model has rows, so that its golden shows something", async () => {
  const there = await presentGoldens(MODELS);
  const empty = [...there].filter(([path, text]) => path.endsWith(".rows.ndjson") && text === "");
  expect(empty.map(([path]) => path)).toEqual([]);
});

test("a renewal mends what differs, takes away what is gone, and keeps inputs", async () => {
  const folder = join(await mkdtemp(join(tmpdir(), "gridlake-golden-")), "models");
  await cp(MODELS, folder, { recursive: true });
  const set = await loadModels(folder, TOPICS);
  await writeFile(join(folder, "golden/dim/dim_feeder.rows.ndjson"), "{}\n");
  await writeFile(join(folder, "golden/dim/dim_gone.flink.sql"), "");
  await rm(join(folder, "golden/input/readings.ndjson"));
  const changed = await renewGoldens(folder, set);
  expect(changed).toEqual(
    expect.arrayContaining([
      "golden/dim/dim_feeder.rows.ndjson",
      "golden/dim/dim_gone.flink.sql",
      "golden/input/readings.ndjson",
    ]),
  );
  expect(await readFile(join(folder, "golden/input/readings.ndjson"), "utf8")).toContain("device-1");
  expect(await renewGoldens(folder, set)).toEqual([]);
  await rm(join(folder, ".."), { recursive: true, force: true });
});
