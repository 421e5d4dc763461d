// The pipeline's models before real Flink (1.17.1): its planner must have a plan for every model, and its functions must give
// what DuckDB's give. Ends with 0 when both hold. Needs Java 17 and Maven, which fetches Flink the first time.
//
//   node interop/flink-pipeline.ts [planner | expressions] …

import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { TOPICS } from "@gridlake/contracts";
import { loadModels } from "@gridlake/pipeline";
import { Flink } from "./flink/flink.ts";
import type { SqlGateway } from "./flink/sql-gateway.ts";
import { compareExpressions, ZONES } from "./flink-pipeline/expressions.ts";
import { planModels } from "./flink-pipeline/planner.ts";

const MODELS = fileURLToPath(new URL("../models", import.meta.url));
const CHECKS: Readonly<Record<string, (gateway: SqlGateway) => Promise<readonly string[]>>> = {
  planner: unplanned,
  expressions: differing,
};

/** Statements that Flink's planner refuses. */
async function unplanned(gateway: SqlGateway): Promise<readonly string[]> {
  return (await planModels(gateway, await loadModels(MODELS, TOPICS))).refused;
}

/** Functions that Flink computes otherwise than DuckDB. */
async function differing(gateway: SqlGateway): Promise<string[]> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const differences: string[] = [];
  for (const timeZone of ZONES) {
    const found = await compareExpressions({ connection, gateway }, timeZone);
    differences.push(...found.map((difference) => `${timeZone}: ${difference}`));
  }
  connection.closeSync();
  instance.closeSync();
  return differences;
}

const wanted = process.argv.slice(2);
const chosen = Object.entries(CHECKS).filter(([name]) => wanted.length === 0 || wanted.includes(name));
const wrong: string[] = [];
const flink = await Flink.start();
try {
  for (const [name, check] of chosen) {
    const gateway = await flink.session();
    const found = await check(gateway).catch((error: unknown) => [`broke off: ${String(error)}`]);
    process.stdout.write(`${name}: ${found.length} wrong\n${found.map((line) => `  ${line}\n`).join("")}`);
    wrong.push(...found);
    await gateway.close();
  }
} finally {
  await flink.end();
}
process.exitCode = wrong.length === 0 && chosen.length > 0 ? 0 : 1;
