import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MIB } from "@gridlake/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CliProcesses } from "./cli-process.ts";
import { untilInLake, writeSeries } from "./load.ts";

const PYTHON = process.env["GRIDLAKE_PYTHON"] ?? "python3";
const OUTPUT_LIMIT = 256 * MIB;

type Row = Record<string, unknown>;

let home: string;
let data: string;
let cli: CliProcesses;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "gridlake-interop-"));
  data = join(home, "data");
  cli = new CliProcesses({
    GRIDLAKE_DATA: data,
    GRIDLAKE_CHECKPOINT_MS: "500",
    GRIDLAKE_ADMIN_PASSWORD: "mill-lane-three",
  });
});
afterAll(async () => {
  await cli.end();
  rmSync(home, { recursive: true, force: true });
});

function tablesOf(lake: string): { model: string; folder: string }[] {
  return readdirSync(lake)
    .flatMap((layer) =>
      readdirSync(join(lake, layer)).map((model) => ({ model, folder: join(lake, layer, model) })),
    )
    .filter(({ folder }) => existsSync(join(folder, ".hoodie")));
}

/** Columns by name and rows by their text: neither engine promises an order. */
function sorted(rows: readonly Row[]): string[] {
  return rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
}

test("hudi-rs sees in every table of the lake what the query command sees", async () => {
  const platform = await cli.up();
  const series = writeSeries(home, 90);
  const sent = ["--meters", "10", "--late", "5%", "--duplicates", "5%"];
  const simulated = await cli.run("simulate", "--url", platform.url, "--series", series, ...sent);
  expect(simulated, simulated.stderr).toMatchObject({ code: 0 });
  await untilInLake(cli, 900);
  await platform.stop();

  const tables = tablesOf(join(data, "lake"));
  const script = join(import.meta.dirname, "lake_rows.py");
  const output = execFileSync(PYTHON, [script, ...tables.map(({ folder }) => folder)], {
    maxBuffer: OUTPUT_LIMIT,
  });
  const seen = JSON.parse(output.toString()) as Record<string, Row[]>;
  for (const { model, folder } of tables) {
    const queried = await cli.run("query", `SELECT * FROM ${model}`, "--format", "json");
    expect(queried, queried.stderr).toMatchObject({ code: 0 });
    expect(sorted(seen[folder]!), model).toEqual(sorted(JSON.parse(queried.stdout) as Row[]));
  }
  expect(tables.map(({ model }) => model)).toEqual(
    expect.arrayContaining(["ods_reading", "dwd_reading", "dws_energy_15min", "ads_load_feeder_minute"]),
  );
  expect(seen[tables.find(({ model }) => model === "dwd_reading")!.folder]).toHaveLength(900);
});
