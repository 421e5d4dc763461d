// The pipeline's models before real Flink (1.17.1): its planner must have a plan for every model, its functions must give what
// DuckDB's give, and its tables what one batch gives. Ends with 0 when all hold. Needs Java 17 and Maven, which fetches
// Flink the first time.
//
//   node interop/flink-pipeline.ts [planner | expressions | exactness] …
//       [--models a,b] [--readings 3000] [--devices 12] [--seed 1] [--heap 3072]
//
// exactness: the models named and all that they read, or all there are, as one job.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { TOPICS } from "@gridlake/contracts";
import { loadModels } from "@gridlake/pipeline";
import { SqlGateway } from "./flink/sql-gateway.ts";
import { agrees, runExactness } from "./flink-pipeline/exactness.ts";
import { compareExpressions, ZONES } from "./flink-pipeline/expressions.ts";
import { randomInputs } from "./flink-pipeline/inputs.ts";
import { planModels } from "./flink-pipeline/planner.ts";
import { RealEngines } from "./real-engines.ts";

const MODELS = fileURLToPath(new URL("../models", import.meta.url));
const CHECKS: Readonly<Record<string, (engines: RealEngines) => Promise<readonly string[]>>> = {
  planner: unplanned,
  expressions: differing,
  exactness: inexact,
};

const { values: flags, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    models: { type: "string" },
    readings: { type: "string", default: "3000" },
    devices: { type: "string", default: "12" },
    seed: { type: "string", default: "1" },
    heap: { type: "string", default: "3072" },
  },
});

/** Statements that Flink's planner refuses. */
async function unplanned(engines: RealEngines): Promise<readonly string[]> {
  const gateway = await SqlGateway.open(engines.endpoint("flink", "sqlGateway"));
  const { refused } = await planModels(gateway, await loadModels(MODELS, TOPICS));
  await gateway.close();
  return refused;
}

/** Functions that Flink computes otherwise than DuckDB. */
async function differing(engines: RealEngines): Promise<string[]> {
  const gateway = await SqlGateway.open(engines.endpoint("flink", "sqlGateway"));
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const differences: string[] = [];
  for (const timeZone of ZONES) {
    const found = await compareExpressions({ connection, gateway }, timeZone);
    differences.push(...found.map((difference) => `${timeZone}: ${difference}`));
  }
  connection.closeSync();
  instance.closeSync();
  await gateway.close();
  return differences;
}

/** Tables that are not the batch's. */
async function inexact(engines: RealEngines): Promise<string[]> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const set = await loadModels(MODELS, TOPICS);
  const tables = await runExactness({
    connection,
    engines,
    set,
    models: flags.models?.split(",") ?? set.models.map(({ name }) => name),
    inputs: randomInputs({
      seed: Number(flags.seed),
      devices: Number(flags.devices),
      readings: Number(flags.readings),
    }),
    timeZone: "Europe/Berlin",
    say: (message) => process.stdout.write(`  ${new Date().toISOString()} ${message}\n`),
  });
  connection.closeSync();
  instance.closeSync();
  return tables
    .filter((table) => !agrees(table))
    .map(
      ({ model, rows, missing, extra, examples }) =>
        `${model}: of ${rows} rows ${missing} are missing, ${extra} are more: ${examples.join("; ")}`,
    );
}

const chosen = Object.entries(CHECKS).filter(([name]) => wanted.length === 0 || wanted.includes(name));
const wrong: string[] = [];
const engines = await RealEngines.start(["kafka", "flink"], {
  flink: { slots: 1, taskManagerHeapMib: Number(flags.heap), networkMib: 512, gatewayHeapMib: 1024 },
});
try {
  for (const [name, check] of chosen) {
    const found = await check(engines).catch((error: unknown) => [`broke off: ${String(error)}`]);
    process.stdout.write(`${name}: ${found.length} wrong\n${found.map((line) => `  ${line}\n`).join("")}`);
    wrong.push(...found);
  }
} finally {
  await engines.end();
}
process.exitCode = wrong.length === 0 && chosen.length > 0 ? 0 : 1;
