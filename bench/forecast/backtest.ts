// How far is the day-ahead forecast from the load that came, and how far the naive one, the same hour of last week? The shipped models
// themselves, each as its batch query, over real series of load: every forecast rests on what was known 24 hours before its hour.
//
//   node bench/forecast/backtest.ts SERIES.csv[.gz] …
//
// A series has the columns `time` and `watts` (such as a house of REFIT by the minute) and stands for one feeder. `--weights` tries other
// weights than those of the seed: days and parts, as in 1:4,7:7,14:3.

import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { TOPICS } from "@gridlake/contracts";
import { batchSql, loadModels, type Model, type Seed } from "@gridlake/pipeline";

const { values: args, positionals: series } = parseArgs({
  options: { weights: { type: "string" } },
  allowPositionals: true,
});
if (series.length === 0) throw new Error("name a series: node bench/forecast/backtest.ts SERIES.csv.gz");

const set = await loadModels(fileURLToPath(new URL("../../models", import.meta.url)), TOPICS);
const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
const connection = await instance.connect();
await connection.run("SET TimeZone = 'UTC'");

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const loads = series.map(
  (
    file,
  ) => `SELECT ${literal(basename(file).replace(/\.csv(\.gz)?$/, ""))} AS feeder, date_trunc('hour', CAST(time AS TIMESTAMPTZ)) AS window_start,
CAST(round(avg(watts)) AS BIGINT) AS load_w, CAST(4 AS BIGINT) AS intervals FROM read_csv(${literal(file)}) GROUP BY ALL`,
);
await connection.run(`CREATE TABLE dws_load_feeder_hour AS ${loads.join(" UNION ALL ")}`);
const begun = performance.now();
for (const name of ["ads_forecast_load_feeder", "ads_forecast_error"]) {
  const sql = batchSql(weighted(set.byName.get(name)), ({ source }) => `"${source.name}"`);
  await connection.run(`CREATE TABLE "${name}" AS ${sql}`);
}
const seconds = (performance.now() - begun) / 1_000;

const result = await connection.runAndReadAll(`SELECT feeder, CAST(sum(hours) AS DOUBLE) AS hours,
  sum(error_sum_w) / sum(hours) AS mae_w, sum(naive_error_sum_w) / sum(hours) AS naive_mae_w,
  100 * sum(error_sum_w) / sum(load_sum_w) AS wape, 100 * sum(naive_error_sum_w) / sum(load_sum_w) AS naive_wape
FROM ads_forecast_error GROUP BY feeder ORDER BY feeder`);
for (const row of result.getRowObjects()) {
  const shown = Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === "number" ? Math.round(value * 10) / 10 : value,
    ]),
  );
  console.log(JSON.stringify(shown));
}
console.log(JSON.stringify({ models_s: Math.round(seconds * 1_000) / 1_000 }));
connection.closeSync();
instance.closeSync();

/** The model with the weights of the command line in place of the seed's. */
function weighted(model: Model | undefined): Model {
  if (model === undefined) throw new Error("the models have no forecast");
  if (args.weights === undefined) return model;
  const rows = args.weights.split(",").map((pair) => pair.split(":"));
  const blocks = model.body.blocks.map((block) => ({
    ...block,
    inputs: block.inputs.map((input) => {
      const seed: Seed | undefined = input.seed;
      return seed?.name === "seed_forecast_lag" ? { ...input, seed: { ...seed, rows } } : input;
    }),
  }));
  return { ...model, body: { ...model.body, blocks } };
}
