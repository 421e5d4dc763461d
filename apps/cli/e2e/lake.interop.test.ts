import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MIB } from "@gridlake/kernel";
import { openLakeQuery } from "@gridlake/platform";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FakeContext } from "../fake-context.ts";
import type { LakeQuery } from "../platform.ts";
import { runCommandLine } from "../program.ts";
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

/** What the query command prints, without a process for each of a hundred tables. */
async function queried(lake: LakeQuery, model: string): Promise<Row[]> {
  const context = new FakeContext({
    root: home,
    platform: { openLakeQuery: () => Promise.resolve({ run: lake.run, close: () => Promise.resolve() }) },
  });
  const args = ["query", `SELECT * FROM ${model}`, "--format", "json", "--data", data];
  expect(await runCommandLine(args, context), context.stderr).toBe(0);
  return JSON.parse(context.stdout) as Row[];
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
  const lake = await openLakeQuery({ dataDir: data });
  try {
    for (const { model, folder } of tables) {
      expect(sorted(seen[folder]!), model).toEqual(sorted(await queried(lake, model)));
    }
  } finally {
    await lake.close();
  }
  const command = await cli.run("query", "SELECT * FROM dwd_reading", "--format", "json");
  expect(command, command.stderr).toMatchObject({ code: 0 });
  const readings = tables.find(({ model }) => model === "dwd_reading")!.folder;
  expect(sorted(JSON.parse(command.stdout) as Row[])).toEqual(sorted(seen[readings]!));
  expect(tables.map(({ model }) => model)).toEqual(
    expect.arrayContaining(["ods_reading", "dwd_reading", "dws_energy_15min", "ads_load_feeder_minute"]),
  );
  expect(seen[readings]).toHaveLength(900);
});
