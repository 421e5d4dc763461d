// What the lake costs, each part in a process of its own and against its peer in the same run. Medians of the rounds.
//
//   node bench/lake/lake.ts [--devices 1000] [--minutes 10000] [--rounds 5] [parts…]
//
// Parts: insert upsert scan small, and with peers that have to be installed: hudi-rs spark. Without any: the first four.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Bench, type Line, openBench } from "./part.ts";
import { insert } from "./parts/insert.ts";
import { hudiRs, spark } from "./parts/peers.ts";
import { scan } from "./parts/scan.ts";
import { small } from "./parts/small.ts";
import { upsert } from "./parts/upsert.ts";

const PARTS: Readonly<Record<string, (bench: Bench) => Promise<Line[]>>> = {
  insert,
  upsert,
  scan,
  small,
  "hudi-rs": hudiRs,
  spark,
};
const USUAL = ["insert", "upsert", "scan", "small"];
/** Says to a child that it is one. */
const CHILD = "GRIDLAKE_BENCH_PART";

const { values: args, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    devices: { type: "string", default: "1000" },
    minutes: { type: "string", default: "10000" },
    rounds: { type: "string", default: "5" },
  },
});

async function runPart(name: string): Promise<void> {
  const part = PARTS[name];
  if (!part) throw new Error(`there is no part ${name}; there are ${Object.keys(PARTS).join(", ")}`);
  const dir = mkdtempSync(join(tmpdir(), "gridlake-bench-lake-"));
  try {
    const size = { devices: Number(args.devices), minutes: Number(args.minutes) };
    const bench = await openBench({ size, rounds: Number(args.rounds), dir });
    console.log(JSON.stringify(await part(bench)));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function report(lines: readonly Line[]): void {
  for (const { what, run, ratio, aim, peakMib } of lines) {
    const cells = [
      what,
      run.wall.toFixed(3),
      run.cpu.toFixed(2),
      ratio?.toFixed(2) ?? "",
      aim,
      String(peakMib),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

const child = process.env[CHILD];
if (child !== undefined) await runPart(child);
else {
  const rows = Number(args.devices) * Number(args.minutes);
  console.log(`${rows.toLocaleString("en")} readings, medians of ${args.rounds}\n`);
  console.log("| what | wall s | CPU s | ratio | aim | peak MiB |\n| --- | --- | --- | --- | --- | --- |");
  for (const name of positionals.length > 0 ? positionals : USUAL) {
    const again = [import.meta.filename, ...process.argv.slice(2)];
    const text = execFileSync(process.execPath, again, {
      encoding: "utf8",
      env: { ...process.env, [CHILD]: name },
      stdio: ["ignore", "pipe", "inherit"],
    });
    report(JSON.parse(text.trim().split("\n").at(-1) ?? "[]") as Line[]);
  }
}
