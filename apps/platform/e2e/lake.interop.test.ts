import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TOPICS } from "@gridlake/contracts";
import { loadModels } from "@gridlake/pipeline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LakeQuery, openLakeQuery } from "../lake-query.ts";
import { MODELS_DIR } from "../models-dir.ts";
import { UnfinishedCommits } from "../proof/unfinished-commits.ts";
import { Load } from "./load.fixture.ts";
import { lines, Operator, send } from "./operator.fixture.ts";
import { Ground, type PlatformProcess } from "./platform.fixture.ts";

const PYTHON = process.env["GRIDLAKE_PYTHON"] ?? "python3";
const READER = join(import.meta.dirname, "lake_parquet.py");
/** Few, so that files have been deleted by the time it is read. */
const RETAINED_COMMITS = 4;
/** Tables are tidied after each ten commits. */
const CHECKPOINTS = 11;

const CHECKPOINTS_LIMIT_MS = 400_000;

const ground = new Ground();
let lake: LakeQuery;

beforeAll(async () => {
  mkdirSync(ground.dataDir);
  const config = { lake: { retainCommits: RETAINED_COMMITS } };
  writeFileSync(join(ground.dataDir, "gridlake.json"), JSON.stringify(config));
  lake = await openLakeQuery({ dataDir: ground.dataDir });
});
afterAll(async () => {
  await lake.close();
  await ground.clear();
});

const start = (): Promise<PlatformProcess> => ground.start({ env: { GRIDLAKE_CHECKPOINT_MS: "100" } });

async function checkpointsUnderLoad(platform: PlatformProcess, device: string, count: number): Promise<void> {
  const operator = await Operator.logIn(platform);
  const { token } = await operator.deviceToken();
  const load = new Load({ url: platform.url, token, device, pauseMs: 100 });
  const number = async () =>
    (await operator.analytics.GET("/api/analytics/pipeline")).data?.checkpoint.number ?? 0;
  const until = (await number()) + count;
  await expect.poll(number, { timeout: CHECKPOINTS_LIMIT_MS }).toBeGreaterThanOrEqual(until);
  await load.end();
}

async function killInCheckpoint(platform: PlatformProcess, device: string): Promise<void> {
  const { token } = await (await Operator.logIn(platform)).deviceToken();
  const load = new Load({ url: platform.url, token, device, pauseMs: 100 });
  const unfinished = new UnfinishedCommits(join(ground.dataDir, "lake"));
  const endMs = performance.now() + CHECKPOINTS_LIMIT_MS;
  while (!unfinished.news() && performance.now() < endMs) await sleep(1);
  await platform.kill();
  await load.end();
}

function tables(): { model: string; folder: string }[] {
  const root = join(ground.dataDir, "lake");
  return readdirSync(root)
    .flatMap((layer) =>
      readdirSync(join(root, layer)).map((model) => ({ model, folder: join(root, layer, model) })),
    )
    .filter(({ folder }) => existsSync(join(folder, ".hoodie")));
}

const reading = (device: string, second: number) => ({
  device,
  ts: `2026-03-01T00:00:${String(second).padStart(2, "0")}.250Z`,
  seq: second,
  energy_wh: 1_000 + second,
  active_power_w: 1.5,
});

/** Rows that only one of the two sees, in all tables; and how many both do. */
async function compare(asOf?: string): Promise<{ rows: Record<string, number>; differences: string[] }> {
  const all = tables();
  const seen = mkdtempSync(join(ground.home, "seen-"));
  // one process and one view of the lake for all tables: each costs more than the comparing
  execFileSync(PYTHON, [READER, seen, asOf ?? "", ...all.map(({ folder }) => folder)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const when = asOf === undefined ? {} : { asOf };
  const described = await lake.run("SELECT table_name, column_name FROM duckdb_columns()", when);
  const columns = Map.groupBy(described.rows, ([table]) => table);
  const compared = all.map(({ model }) => {
    const names = columns
      .get(model)!
      .map(([, column]) => `"${column}"`)
      .join(", ");
    const ours = `SELECT ${names} FROM ${model}`;
    const theirs = `SELECT ${names} FROM read_parquet('${join(seen, `${model}.parquet`)}')`;
    return `SELECT '${model}', (SELECT count(*) FROM ${model}), (SELECT count(*) FROM (${ours} EXCEPT ALL ${theirs})),
      (SELECT count(*) FROM (${theirs} EXCEPT ALL ${ours}))`;
  });
  const rows: Record<string, number> = {};
  const differences: string[] = [];
  for (const [model, ...counts] of (await lake.run(compared.join(" UNION ALL "), when)).rows) {
    const [count, missing, extra] = counts.map(Number);
    rows[model!] = count!;
    if (missing !== 0 || extra !== 0) differences.push(`${model}: lacks ${missing}, has ${extra} of its own`);
  }
  return { rows, differences };
}

test("hudi-rs agrees on a lake that was killed in a checkpoint, cleaned, and had rows deleted; now and as it was", async () => {
  const first = await start();
  const operator = await Operator.logIn(first);
  const strange = "Zähler „7“ 电表/1=%";
  await operator.register(["H1", strange]);
  const { token } = await operator.deviceToken();
  await send(first.url, lines([reading("H2", 1), reading(strange, 1), { device: "nonsense" }]), { token });
  await checkpointsUnderLoad(first, "H1", CHECKPOINTS);
  await operator.register(["H2"]);
  await checkpointsUnderLoad(first, "H1", 2);
  await killInCheckpoint(first, "H1");

  const second = await start();
  await checkpointsUnderLoad(second, strange, 2);
  const again = await Operator.logIn(second);
  await again.drained();
  await again.settled();
  const then = new Date().toISOString().replaceAll(/\D/g, "");
  await sleep(5);
  await send(second.url, lines([reading("H2", 2), reading("H9", 1)]), { token });
  await again.drained();
  await again.settled();
  expect(await second.stop()).toMatchObject({ code: 0 });

  const now = await compare();
  expect(now.differences).toEqual([]);
  expect(now.rows).toMatchObject({ dim_device: 3, dim_feeder: 1, dwd_quarantine: 2 });
  expect(now.rows["dwd_reading"]).toBeGreaterThan(1_000);
  const { models } = await loadModels(MODELS_DIR, TOPICS);
  expect(Object.keys(now.rows).sort()).toEqual(models.map(({ name }) => name).sort());
  const before = await compare(then);
  expect(before.differences).toEqual([]);
  expect(before.rows).toMatchObject({ dwd_reading: (now.rows["dwd_reading"] ?? 0) - 1, dwd_quarantine: 1 });

  // what it was about had happened
  const paths = readdirSync(join(ground.dataDir, "lake"), { recursive: true, encoding: "utf8" });
  expect(paths.filter((path) => path.endsWith(".clean"))).not.toEqual([]);
  expect(paths.filter((path) => path.endsWith(".rollback"))).not.toEqual([]);
});
