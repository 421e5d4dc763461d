import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PipelineState } from "../results/pipeline-status.ts";
import { type Access, openAccess } from "../simulate/access.ts";
import { type CliEnd, CliProcesses } from "./cli-process.ts";
import { query } from "./load.ts";

const PASSWORD = "correct horse battery staple";
/** For a busy machine: each command is a process of its own. */
const POLL = { timeout: 60_000, interval: 300 };
const GOOD = { device: "M1", ts: "2026-01-01T00:00:00Z", seq: 1, energy_wh: 100 };
const QUOTED = JSON.stringify({ ...GOOD, energy_wh: "100" });

let home: string;
let data: string;
let cli: CliProcesses;
let url: string;
let access: Access;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "gridlake-quarantine-"));
  data = join(home, "data");
  mkdirSync(data);
  const config = { pipeline: { tests: { intervalMs: 300, share: 1 } }, lineage: { transport: "file" } };
  writeFileSync(join(data, "gridlake.json"), JSON.stringify(config));
  cli = new CliProcesses({
    GRIDLAKE_DATA: data,
    GRIDLAKE_CHECKPOINT_MS: "500",
    GRIDLAKE_ADMIN_PASSWORD: PASSWORD,
  });
  ({ url } = await cli.up());
  access = await openAccess({ url, adminPassword: PASSWORD });
  await register("M1");
  const sent = await fetch(`${url}/ingest/readings`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await access.deviceToken()}`,
      "content-type": "application/x-ndjson",
    },
    body: [QUOTED, "{", JSON.stringify({ ...GOOD, device: "M2" })].join("\n"),
  });
  expect(sent.status).toBe(200);
});
afterAll(async () => {
  await cli.end();
  rmSync(home, { recursive: true, force: true });
});

async function register(device: string): Promise<void> {
  await access.call("POST", "/api/telemetry/feeders/import?wait=20000", {
    type: "text/csv",
    text: "feeder\nF1\n",
  });
  const text = `device,feeder\n${device},F1\n`;
  await access.call("POST", "/api/telemetry/devices/import?wait=20000", { type: "text/csv", text });
}

const on = (...args: string[]): Promise<CliEnd> => cli.run(...args, "--url", url);
async function answer<T>(...args: string[]): Promise<T> {
  const ended = await on(...args);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return JSON.parse(ended.stdout) as T;
}
const state = () => answer<PipelineState>("pipeline", "status", "--format", "json");
const held = () => answer<{ line: number; reason: string }[]>("quarantine", "ls", "--format", "json");

test(
  "a refused line is mended and counts once; the lake, the tests and verify agree",
  { timeout: 300_000 },
  async () => {
    await expect
      .poll(async () => (await held()).map(({ line, reason }) => `${line} ${reason}`), POLL)
      .toEqual(["3 UNKNOWN_DEVICE", "2 MALFORMED_JSON", "1 WRONG_TYPE"]);
    expect((await state()).quarantine).toEqual([
      { topic: "readings", reason: "MALFORMED_JSON", lines: 1 },
      { topic: "readings", reason: "UNKNOWN_DEVICE", lines: 1 },
      { topic: "readings", reason: "WRONG_TYPE", lines: 1 },
    ]);

    const again = await on("quarantine", "replay", "readings/0/1");
    expect(again).toMatchObject({ code: 1, stdout: "" });
    expect(again.stderr).toContain("QUARANTINE_LINES_INVALID");
    const mend = [
      "quarantine",
      "replay",
      "readings/0/1",
      "--with",
      JSON.stringify(GOOD),
      "--note",
      "was quoted",
    ];
    expect(await answer(...mend)).toMatchObject({ lines: [{ outcome: "replayed" }] });
    expect(await answer(...mend)).toMatchObject({ lines: [{ outcome: "resolved" }], replacements: [] });
    expect(await answer("quarantine", "discard", "readings/0/2")).toMatchObject({
      lines: [{ outcome: "discarded" }],
    });
    // the device's registration is all that its line waits for
    await register("M2");
    await expect.poll(held, POLL).toEqual([]);
    expect(await answer("quarantine", "show", "readings/0/1")).toMatchObject({
      raw: QUOTED,
      resolution: { action: "replayed", resolvedBy: "admin", note: "was quoted" },
    });

    const readings = () => query(cli, "SELECT device, energy_wh FROM dwd_reading ORDER BY device");
    await expect.poll(readings, POLL).toEqual([
      { device: "M1", energy_wh: 100 },
      { device: "M2", energy_wh: 100 },
    ]);
    const tested = await cli.run("models", "test", "+dwd_reading");
    expect(tested, tested.stdout).toMatchObject({ code: 0 });
    expect(tested.stdout).toMatch(/^PASS {2}dwd_reading: unique\(device, ts\)$/m);
    const verified = await cli.run("verify");
    expect(verified, verified.stdout).toMatchObject({ code: 0 });
  },
);

test("the platform's state, its metrics and the lineage events tell of it", async () => {
  await expect.poll(async () => (await state()).tests.length, POLL).toBeGreaterThan(20);
  const { tests, topics, checkpoint, models } = await state();
  expect(tests.filter(({ status }) => status !== "pass")).toEqual([]);
  expect(topics.map(({ lagMs }) => lagMs)).toEqual(topics.map(() => 0));
  expect(checkpoint).toMatchObject({ failures: 0, error: null, durationMs: expect.any(Number) });
  expect(models.find(({ name }) => name === "dwd_reading")).toMatchObject({
    freshness: { promisedMs: 300_000, isStale: false, changedAt: expect.any(String) },
  });
  const text = (await on("pipeline", "status")).stdout;
  expect(text).toMatch(/^running, micro-batch \d+, /);
  expect(text).toContain("nothing in quarantine");

  const metrics = await (await fetch(`${url}/metrics`)).text();
  for (const line of [
    /^gridlake_pipeline_lag_seconds\{topic="readings"\} 0$/m,
    /^gridlake_pipeline_running 1$/m,
    /^gridlake_pipeline_checkpoint_failures 0$/m,
    /^gridlake_pipeline_model_stale\{model="dwd_reading"\} 0$/m,
    /^gridlake_pipeline_tests\{status="fail"\} 0$/m,
    /^gridlake_pipeline_test_failures\{test="dwd_reading: unique\(device, ts\)",severity="error"\} 0$/m,
  ])
    expect(metrics).toMatch(line);

  const events = readFileSync(join(data, "lineage.ndjson"), "utf8").trimEnd().split("\n");
  const told = events.map((event) => JSON.parse(event) as { eventType: string; job: { name: string } });
  expect(told).toContainEqual(
    expect.objectContaining({ eventType: "COMPLETE", job: expect.objectContaining({ name: "dwd_reading" }) }),
  );
});

test("without access, or with nobody there, the command says what to do", async () => {
  const stranger = new CliProcesses({ GRIDLAKE_DATA: data });
  const unknown = await stranger.run("quarantine", "ls", "--url", url);
  expect(unknown).toMatchObject({ code: 1, stdout: "" });
  expect(unknown.stderr).toMatch(/^CLI_ACCESS_MISSING: .*\n {2}→ /);
  const nowhere = await cli.run("pipeline", "status", "--url", "http://127.0.0.1:1");
  expect(nowhere.stderr).toMatch(/^API_UNREACHABLE/);
  expect((await on("quarantine", "replay")).code).toBe(2);
  expect((await on("quarantine", "discard", "readings/1")).code).toBe(2);
});
