// How long a start takes, and what a platform holds at rest.
//
//   node bench/start/start.ts [--rounds 5]
//
// The first start on an empty directory is not counted. `node -e 0` in the same run is the limit: Node alone.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startBenchPlatform } from "../platform/platform.ts";

const { values: args } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
const REST_MS = 5_000;

const dir = mkdtempSync(join(tmpdir(), "gridlake-bench-"));
const ready: number[] = [];
const alone: number[] = [];
const resident: number[] = [];
try {
  for (let round = 0; round <= Number(args.rounds); round += 1) {
    const startedMs = performance.now();
    spawnSync(process.execPath, ["-e", "0"]);
    const aloneMs = performance.now() - startedMs;
    const platform = await startBenchPlatform(dir);
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    if (round > 0) {
      ready.push(platform.readyMs);
      alone.push(aloneMs);
      resident.push(platform.residentMib());
    }
    await platform.stop();
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
console.log(
  `start to ready   ${median(ready).toFixed(0)} ms (min ${Math.min(...ready).toFixed(0)}, max ${Math.max(...ready).toFixed(0)})`,
);
console.log(
  `node alone       ${median(alone).toFixed(0)} ms; ratio ${(median(ready) / median(alone)).toFixed(1)}`,
);
console.log(`memory at rest   ${median(resident).toFixed(0)} MiB resident`);
