import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CliProcesses } from "./cli-process.ts";
import { query, untilInLake, writeSeries } from "./load.ts";

let home: string;
let data: string;
let cli: CliProcesses;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "gridlake-cli-"));
  data = join(home, "data");
  cli = commandLine();
});
afterEach(async () => {
  await cli.end();
  rmSync(home, { recursive: true, force: true });
});

function commandLine(password?: string): CliProcesses {
  return new CliProcesses({
    GRIDLAKE_DATA: data,
    // the lake is what is asked here, and ten seconds are long for a test
    GRIDLAKE_CHECKPOINT_MS: "500",
    ...(password === undefined ? {} : { GRIDLAKE_ADMIN_PASSWORD: password }),
  });
}

interface Report {
  readings: number;
  meters: { device: string; first: { energyWh: number }; last: { energyWh: number } }[];
}

async function simulate(url: string, ...args: string[]): Promise<Report> {
  const report = join(home, "report.json");
  const ended = await cli.run("simulate", "--url", url, "--report", report, ...args);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return JSON.parse(readFileSync(report, "utf8")) as Report;
}

const DISORDER = ["--late", "5%", "--duplicates", "5%", "--meters", "20"];
const ENERGY =
  "SELECT device, sum(energy_wh) AS energy_wh FROM dws_energy_15min GROUP BY device ORDER BY device";

test("one start after the other: readings in, disorder and all, the same in the lake, verified", async () => {
  const first = await cli.up();
  const password = /^admin password \(shown only now\): (\S+)$/m.exec(first.output.stdout)?.[1];
  expect(password).toBeTruthy();
  cli = commandLine(password);

  const second = await cli.run("up", "--port", "0");
  expect(second).toMatchObject({ code: 1, stdout: "" });
  expect(second.stderr).toMatch(/^PLATFORM_RUNNING: .*\n {2}→ /m);

  const report = await simulate(first.url, "--series", writeSeries(home, 180), ...DISORDER);
  expect(report.readings).toBe(20 * 180);
  await untilInLake(cli, report.readings);
  const stoppedAt = performance.now();
  expect(await first.stop()).toMatchObject({ code: 0 });
  expect(performance.now() - stoppedAt).toBeLessThan(10_000);

  const energy = await query<{ device: string; energy_wh: string }>(cli, ENERGY);
  expect(energy.map(({ device, energy_wh }) => [device, Number(energy_wh)])).toEqual(
    report.meters.map(({ device, first: from, last: to }) => [device, to.energyWh - from.energyWh]),
  );

  const verified = await cli.run("verify");
  expect(verified, verified.stdout).toMatchObject({ code: 0 });
  expect(verified.stdout).toMatch(/^dwd_reading +3600 +0$/m);
  expect(verified.stdout).toMatch(/^0 differences in \d+ rows of \d+ tables$/m);

  const again = await cli.up();
  expect(again.output.stdout).not.toContain("admin password");
  expect(await query(cli, "SELECT count(*) AS n FROM dwd_reading")).toEqual([{ n: report.readings }]);
  expect(await again.stop("SIGINT")).toMatchObject({ code: 0 });
});

test("killed in the middle of the readings, the next start has each once", async () => {
  cli = commandLine("mill-lane-three");
  const killed = await cli.up();
  const { port } = new URL(killed.url);
  const simulating = simulate(
    killed.url,
    "--series",
    writeSeries(home, 240),
    "--max-rate",
    "4000",
    ...DISORDER,
  );
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await killed.stop("SIGKILL");
  const next = cli.start("up", "--port", port);
  const report = await simulating;
  expect(report.readings).toBe(20 * 240);
  await untilInLake(cli, report.readings);
  next.child.kill("SIGTERM");
  expect(await next.ended).toMatchObject({ code: 0 });
  expect(await cli.run("verify")).toMatchObject({ code: 0 });
});

test("the demo moves, and goes on after a restart without a password", async () => {
  const newest = "SELECT count(*) AS n, max(ts) AS newest FROM dwd_reading";
  const demo = async (than: string): Promise<{ n: number; newest: string }> => {
    const platform = await cli.up("--demo");
    await expect.poll(() => platform.output.stderr, { timeout: 300_000 }).toMatch(/[1-9]\d,\d{3} readings/);
    // the lake follows the readings, and a stop gives it a bounded time
    let row = { n: 0, newest: "" };
    const isNewer = async (): Promise<boolean> => {
      const [found] = await query<{ n: number; newest: string }>(cli, newest);
      row = found!;
      return row.n > 0 && row.newest > than;
    };
    await expect.poll(isNewer, { timeout: 300_000, interval: 500 }).toBe(true);
    expect(await platform.stop()).toMatchObject({ code: 0 });
    return row;
  };
  const before = await demo("");
  const after = await demo(before.newest);
  expect(after.n).toBeGreaterThanOrEqual(before.n);
  expect(after.newest > before.newest).toBe(true);
});

test("what is refused says so: wrong SQL, a wrong table, a write", async () => {
  const platform = await cli.up();
  await platform.stop();
  for (const sql of ["SELEC 1", "SELECT * FROM nowhere", "DROP TABLE ods_reading", "SELECT 1; SELECT 2"]) {
    const ended = await cli.run("query", sql);
    expect(ended, sql).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toMatch(/^QUERY_INVALID: .*\n[\s\S]* {2}→ /);
  }
});
