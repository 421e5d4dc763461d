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
import { Lab } from "./spark/lab.ts";
import { SparkJudge } from "./spark/judge.ts";
import { SCENARIOS } from "./spark/scenarios.ts";

const python = process.env["GRIDLAKE_PYTHON"] ?? "python3";
const jar = process.env["GRIDLAKE_HUDI_SPARK_JAR"] ?? "";
const wanted = process.argv.slice(2);
const chosen = SCENARIOS.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
const say = (line: string) => process.stdout.write(`${line}\n`);

const directory = await mkdtemp(join(tmpdir(), "gridlake-spark-"));
const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
const connection = await instance.connect();
const disagreements: string[] = [];
let judge: SparkJudge | undefined;
try {
  await connection.run("SET TimeZone = 'UTC'");
  judge = await SparkJudge.start({ python, jar, scratch: join(directory, "spark") });
  for (const [number, { name, shows, run }] of chosen.entries()) {
    say(`${name}: ${shows}`);
    const lab = new Lab({ connection, judge, directory: join(directory, String(number)), python, say });
    // a scenario that breaks off must not hide what the others show
    await run(lab).catch((error: unknown) => lab.check("broke off", String(error)));
    disagreements.push(...lab.disagreements.map((line) => `${name}: ${line}`));
  }
} finally {
  await judge?.end();
  connection.closeSync();
  instance.closeSync();
  await rm(directory, { recursive: true, force: true });
}
for (const line of disagreements) say(`DISAGREES: ${line}`);
say(
  disagreements.length === 0
    ? `Spark agrees in ${chosen.length} scenarios`
    : `${disagreements.length} disagreements`,
);
process.exitCode = disagreements.length === 0 && chosen.length > 0 ? 0 : 1;
