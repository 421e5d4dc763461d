import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { answerOf } from "@gridlake/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stateWithoutLake } from "../proof/state-in-lake.ts";
import { openLakeQuery } from "../lake-query.ts";
import { Load } from "./load.fixture.ts";
import { lines, Operator, send } from "./operator.fixture.ts";
import { ADMIN_PASSWORD, Ground, type PlatformProcess } from "./platform.fixture.ts";

const STOP_LIMIT_MS = 10_000;

let ground: Ground;
beforeEach(() => {
  ground = new Ground();
});
afterEach(() => ground.clear());

const DEVICES = ["R1", "R2"];
/** Forty minutes of two devices, sent and taken in. */
async function fill(platform: PlatformProcess): Promise<Operator> {
  const operator = await Operator.logIn(platform);
  await operator.register(DEVICES);
  const { token } = await operator.deviceToken();
  const readings = DEVICES.flatMap((device, at) =>
    Array.from({ length: 40 }, (_, minute) => ({
      device,
      ts: new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString(),
      seq: minute,
      energy_wh: 1_000 * (at + 1) + 7 * minute,
      active_power_w: 400 + minute,
    })),
  );
  const answer = await send(platform.url, lines([...readings, { device: "R9" }]), { token });
  expect(answer.status).toBe(200);
  expect(await operator.batch(String(answer.body["batch"]))).toMatchObject({ accepted: 80, quarantined: 1 });
  return operator;
}

/** What the web would show, without what tells of the process. */
async function answers({ analytics }: Operator): Promise<unknown[]> {
  const { sequence: _, ...summary } = await answerOf(analytics.GET("/api/analytics/summary"));
  return [
    summary,
    await answerOf(analytics.GET("/api/analytics/load-curve")),
    await answerOf(analytics.GET("/api/analytics/top-consumers")),
    await answerOf(analytics.GET("/api/analytics/devices")),
  ];
}

async function kept(device: string): Promise<number> {
  const lake = await openLakeQuery({ dataDir: ground.dataDir });
  try {
    const { rows } = await lake.run(`SELECT count(*) FROM dwd_reading WHERE device = '${device}'`);
    return Number(rows[0]?.[0]);
  } finally {
    await lake.close();
  }
}

test("a second start on the same directory is refused, with the code and the remedy, and harms nothing", async () => {
  const first = await ground.start();
  const second = ground.spawn();
  expect(await second.ended).toMatchObject({ code: 1 });
  expect(second.stderr).toMatch(/^PLATFORM_RUNNING: process \d+ runs on this data directory/m);
  expect(second.stderr).toContain(`process ${first.pid} `);
  expect(second.stderr).toMatch(/^ {2}→ stop it, or start on another directory with --data DIR$/m);
  expect(second.stdout).toBe("");
  await fill(first);
  expect(await first.stop()).toMatchObject({ code: 0 });
});

test("a taken port is said so, and the directory is free again", async () => {
  const first = await ground.start();
  const other = new Ground();
  try {
    const second = other.spawn({ port: first.port });
    expect(await second.ended).toMatchObject({ code: 1 });
    expect(second.stderr).toMatch(/^GATEWAY_PORT_TAKEN: /m);
    expect((await (await other.start()).stop()).code).toBe(0);
  } finally {
    await other.clear();
  }
});

test("SIGTERM under load: stopped within ten seconds, and what was acknowledged is there after the next start", async () => {
  const platform = await ground.start();
  const operator = await Operator.logIn(platform);
  await operator.register(DEVICES);
  const { token } = await operator.deviceToken();
  const loads = DEVICES.map((device) => new Load({ url: platform.url, token, device }));
  await expect.poll(() => Math.min(...loads.map(({ acknowledged }) => acknowledged))).toBeGreaterThan(5_000);
  const end = await platform.stop();
  expect(end).toMatchObject({ code: 0, signal: null });
  expect(end.elapsedMs).toBeLessThan(STOP_LIMIT_MS);
  for (const load of loads) await load.end();
  // while it stops, it may only say that it stops
  for (const { refusals } of loads) {
    for (const { status } of refusals) expect(status).toBe(503);
  }
  const next = await ground.start();
  const again = await Operator.logIn(next);
  await again.drained();
  await again.settled();
  await next.stop();
  for (const [at, device] of DEVICES.entries()) {
    // a batch whose answer got lost in the stop may be there too
    expect(await kept(device)).toBeGreaterThanOrEqual(loads[at]?.acknowledged ?? Number.NaN);
    expect((await kept(device)) - (loads[at]?.acknowledged ?? 0)).toBeLessThanOrEqual(500);
  }
  expect(await stateWithoutLake(ground.dataDir)).toEqual([]);
});

test("a start goes on where the last one was; with its database deleted, it gives the same answers", async () => {
  const first = await ground.start();
  const before = await answers(await fill(first));
  expect(before[0]).toMatchObject({ devices: 2, readings: 80, quarantined: 1 });
  await first.stop();

  const second = await ground.start();
  expect(await answers(await Operator.logIn(second))).toEqual(before);
  await second.stop();

  rmSync(join(ground.dataDir, "engine"), { recursive: true });
  const third = await ground.start();
  const operator = await Operator.logIn(third);
  expect(await answers(operator)).toEqual(before);
  // and it goes on counting: what the lake had is not taken in again
  const { token } = await operator.deviceToken();
  const late = { device: "R1", ts: "2026-03-01T00:40:00Z", seq: 40, energy_wh: 1_300, active_power_w: 1 };
  const answer = await send(third.url, lines([late]), { token });
  await operator.batch(String(answer.body["batch"]));
  expect((await answers(operator))[0]).toMatchObject({ readings: 81, quarantined: 1 });
  // a stop gives the last checkpoint little time; what it did not write then is in the state alone
  await operator.settled();
  await third.stop();
  expect(await kept("R1")).toBe(41);
  expect(await stateWithoutLake(ground.dataDir)).toEqual([]);
});

test("with the database deleted after a kill, the log gives what the lake lacks", async () => {
  // no checkpoint comes in time
  const first = await ground.start({ env: { GRIDLAKE_CHECKPOINT_MS: "3600000" } });
  const before = await answers(await fill(first));
  await first.kill();
  rmSync(join(ground.dataDir, "engine"), { recursive: true });
  const second = await ground.start();
  const operator = await Operator.logIn(second);
  await operator.drained(0);
  expect(await answers(operator)).toEqual(before);
  await operator.settled();
  await second.stop();
  expect(await kept("R1")).toBe(40);
});

test("a password given at a start holds from then on, and the one before no more", async () => {
  await (await ground.start()).stop();
  const changed = await ground.start({ env: { GRIDLAKE_ADMIN_PASSWORD: "mill-lane-thirty-3" } });
  await expect(Operator.logIn(changed, ADMIN_PASSWORD)).rejects.toMatchObject({ status: 401 });
  await Operator.logIn(changed, "mill-lane-thirty-3");
  await changed.stop();
  const without = await ground.start({ env: { GRIDLAKE_ADMIN_PASSWORD: "" } });
  expect(without.stdout).not.toContain("admin password");
  await Operator.logIn(without, "mill-lane-thirty-3");
  await without.stop();
});

test("the first password is made up, told once, and in no file; secrets are for the owner alone", async () => {
  const first = await ground.start({ env: { GRIDLAKE_ADMIN_PASSWORD: "" }, demo: true });
  const password = /^admin password \(shown only now\): (\S+)$/m.exec(first.stdout)?.[1] ?? "";
  await Operator.logIn(first, password);
  await expect.poll(() => first.stderr, { timeout: 120_000 }).toContain("registered");
  const secrets = ["secrets.json", "demo-token"];
  const modes = secrets.map((name) => statSync(join(ground.dataDir, name)).mode & 0o777);
  expect(modes).toEqual([0o600, 0o600]);
  // others may not even look for them
  expect(statSync(ground.dataDir).mode & 0o007).toBe(0);
  expect(await first.stop()).toMatchObject({ code: 0 });
  expect(first.stderr).not.toContain(password);
  expect(filesWith(password)).toEqual([]);
});

function filesWith(text: string): string[] {
  const paths = readdirSync(ground.dataDir, { recursive: true, encoding: "utf8" });
  return paths.filter((path) => {
    const file = join(ground.dataDir, path);
    return statSync(file).isFile() && readFileSync(file).includes(text);
  });
}
