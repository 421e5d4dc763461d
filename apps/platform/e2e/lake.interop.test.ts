import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LakeQuery, openLakeQuery } from "../lake-query.ts";
import { UnfinishedCommits } from "../proof/unfinished-commits.ts";
import { Load } from "./load.fixture.ts";
import { lines, Operator, send } from "./operator.fixture.ts";
import { Ground, type PlatformProcess, REPOSITORY } from "./platform.fixture.ts";

const PYTHON = process.env["GRIDLAKE_PYTHON"] ?? "python3";
const READER = join(REPOSITORY, "interop/hudi_rs_read.py");
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
  const rows: Record<string, number> = {};
  const differences: string[] = [];
  const when = asOf === undefined ? {} : { asOf };
  for (const { model, folder } of tables()) {
    const seen = join(ground.home, `${model}.parquet`);
    execFileSync(PYTHON, [READER, folder, seen, JSON.stringify(when)], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const { columns } = await lake.run(`SELECT * FROM ${model} LIMIT 0`);
    const names = columns.map(({ name }) => `"${name}"`).join(", ");
    const [ours, theirs] = [`SELECT ${names} FROM ${model}`, `SELECT ${names} FROM read_parquet('${seen}')`];
    const counted = await lake.run(
      `SELECT (SELECT count(*) FROM ${model}), (SELECT count(*) FROM (${ours} EXCEPT ALL ${theirs})),
        (SELECT count(*) FROM (${theirs} EXCEPT ALL ${ours}))`,
      when,
    );
    const [count, missing, extra] = (counted.rows[0] ?? []).map(Number);
    rows[model] = count ?? 0;
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
  expect(Object.keys(now.rows)).toHaveLength(16);
  const before = await compare(then);
  expect(before.differences).toEqual([]);
  expect(before.rows).toMatchObject({ dwd_reading: (now.rows["dwd_reading"] ?? 0) - 1, dwd_quarantine: 1 });

  // what it was about had happened
  const paths = readdirSync(join(ground.dataDir, "lake"), { recursive: true, encoding: "utf8" });
  expect(paths.filter((path) => path.endsWith(".clean"))).not.toEqual([]);
  expect(paths.filter((path) => path.endsWith(".rollback"))).not.toEqual([]);
}, 300_000);
