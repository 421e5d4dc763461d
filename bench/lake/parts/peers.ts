import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { GridlakeError } from "@gridlake/kernel";
import { peakMib, type Run } from "../measure.ts";
import { type Bench, filledTable, inTurn, type Line, newTable, plainCopy } from "../part.ts";
import { hourlySql, lateSql } from "../readings.ts";

const HERE = join(import.meta.dirname, "..");

/** hudi-rs reads the columns of the scan from our table; we read them and compute the scan. */
export async function hudiRs(bench: Bench): Promise<Line[]> {
  const { connection, dir, rounds } = bench;
  const python = needed(
    "GRIDLAKE_PYTHON",
    "a Python with the package hudi 0.5.0: ./gridlake test interop makes one",
  );
  const table = await filledTable(bench, "cow");
  const { ours } = await inTurn(rounds, {
    ours: async () => connection.runAndReadAll(hourlySql(await table.snapshotSql())),
  });
  const theirs = json<Run>(python, [join(HERE, "hudi_rs_scan.py"), join(dir, "cow"), String(rounds)]);
  return [
    { what: "hudi-rs reads region, ts_us, energy_wh", run: theirs, ratio: null, aim: "", peakMib: peakMib() },
    {
      what: "our scan of the same table, with its sums",
      run: ours,
      ratio: theirs.wall / ours.wall,
      aim: "> 1 × hudi-rs",
      peakMib: peakMib(),
    },
  ];
}

/** PySpark with Hudi writes the same readings and upserts the same late ones. The ratios are of CPU time. */
export async function spark(bench: Bench): Promise<Line[]> {
  const { connection, dir, size } = bench;
  const remedy = "./gridlake test interop installs both";
  const python = needed("GRIDLAKE_SPARK_PYTHON", `a Python with pyspark 3.5.6; ${remedy}`);
  const jar = needed("GRIDLAKE_HUDI_SPARK_JAR", `the path of hudi-spark3.5-bundle_2.12-1.2.0.jar; ${remedy}`);
  const [plain, late] = [join(dir, "plain"), join(dir, "late.parquet")];
  await plainCopy(bench, plain);
  await connection.run(`COPY (${lateSql(size, 0)}) TO '${late}' (FORMAT parquet)`);
  const table = await newTable(bench, "cow");
  const { insert } = await inTurn(1, {
    insert: () =>
      table.commit({ connection, operation: "bulk_insert", upserts: { sql: "SELECT * FROM readings" } }),
  });
  const { upsert } = await inTurn(1, {
    upsert: () => table.commit({ connection, operation: "upsert", upserts: { sql: lateSql(size, 0) } }),
  });
  const theirs = json<{ insert: Run; upsert: Run }>(python, [
    join(HERE, "spark_write.py"),
    jar,
    plain,
    late,
    join(dir, "spark"),
  ]);
  return [
    { what: "Spark with Hudi, bulk insert", run: theirs.insert, ratio: null, aim: "", peakMib: peakMib() },
    {
      what: "bulk insert (ratio of CPU)",
      run: insert,
      ratio: theirs.insert.cpu / insert.cpu,
      aim: "≥ 10 × less CPU",
      peakMib: peakMib(),
    },
    { what: "Spark with Hudi, upsert of 1 %", run: theirs.upsert, ratio: null, aim: "", peakMib: peakMib() },
    {
      what: "upsert of 1 % (ratio of CPU)",
      run: upsert,
      ratio: theirs.upsert.cpu / upsert.cpu,
      aim: "≥ 10 × less CPU",
      peakMib: peakMib(),
    },
  ];
}

function json<T>(program: string, args: readonly string[]): T {
  const text = execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(text.trim().split("\n").at(-1) ?? "") as T;
}

function needed(name: string, what: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new GridlakeError("BENCH_PEER_MISSING", `${name} is not set`, { remedy: `set it to ${what}` });
}
