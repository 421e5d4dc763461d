// Gridlake and Spark (pyspark 3.5.6, Hudi 1.2.0) write and read the same tables in turn; hudi-rs looks on. Each must see row
// for row, meta columns too, what the others see, and all what the table must hold. Ends with 0 when they do.
//
//   GRIDLAKE_PYTHON=<python with pyspark and hudi> GRIDLAKE_HUDI_SPARK_JAR=<bundle> node interop/spark.ts [scenario …]
//
// A scenario is named by any part of its name.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { SECOND_MS } from "@gridlake/kernel";
import { HudiRsReader } from "./hudi-rs-reader.ts";
import { type Bench, Lab } from "./spark/lab.ts";
import { SparkJudge } from "./spark/judge.ts";
import type { Scenario } from "./spark/scenario.ts";
import { SCENARIOS } from "./spark/scenarios.ts";

/** Scenarios under way at once: while one waits for Spark, another has its turn. */
const SIDE_BY_SIDE = 3;

const python = process.env["GRIDLAKE_PYTHON"] ?? "python3";
const jar = process.env["GRIDLAKE_HUDI_SPARK_JAR"] ?? "";
const wanted = process.argv.slice(2);
const chosen = SCENARIOS.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
const print = (text: string) => process.stdout.write(`${text}\n`);
const secondsSince = (ms: number) => `${((performance.now() - ms) / SECOND_MS).toFixed(1)} s`;

const directory = await mkdtemp(join(tmpdir(), "gridlake-spark-"));
const disagreements: string[] = [];
let judge: SparkJudge | undefined;
let hudiRs: HudiRsReader | undefined;

/** One scenario, in a folder and a DuckDB of its own; what it says comes out as one piece. */
async function show(scenario: Scenario, engines: Pick<Bench, "judge" | "hudiRs">): Promise<void> {
  const { name, shows, run } = scenario;
  const begunAt = performance.now();
  const lines = [`${name}: ${shows}`];
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    const folder = join(directory, String(SCENARIOS.indexOf(scenario)));
    const say = (line: string) => lines.push(`${line}, ${secondsSince(begunAt)}`);
    const lab = new Lab({ connection, ...engines, directory: folder, say });
    // a scenario that breaks off must not hide what the others show
    await run(lab).catch((error: unknown) => lab.check("broke off", String(error)));
    disagreements.push(...lab.disagreements.map((line) => `${name}: ${line}`));
  } finally {
    connection.closeSync();
    instance.closeSync();
    print(lines.join("\n"));
  }
}

try {
  const engines = {
    judge: (judge = await SparkJudge.start({ python, jar, scratch: join(directory, "spark") })),
    hudiRs: (hudiRs = await HudiRsReader.start(python)),
  };
  const begunAt = performance.now();
  const left = [...chosen];
  const lane = async () => {
    for (let next = left.shift(); next; next = left.shift()) await show(next, engines);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
  print(`took ${secondsSince(begunAt)}; of CPU Spark ${(await judge.spent()).toFixed(0)} s`);
} finally {
  await judge?.end();
  await hudiRs?.end();
  await rm(directory, { recursive: true, force: true });
}
for (const line of disagreements) print(`DISAGREES: ${line}`);
print(
  disagreements.length === 0
    ? `Spark agrees in ${chosen.length} scenarios`
    : `${disagreements.length} disagreements`,
);
process.exitCode = disagreements.length === 0 && chosen.length > 0 ? 0 : 1;
