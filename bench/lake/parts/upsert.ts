import { mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { peakMib } from "../measure.ts";
import { type Bench, filledTable, inTurn, type Line, plainCopy } from "../part.ts";
import { lateSql } from "../readings.ts";

const late = (round: number) => `SELECT * FROM late WHERE round = ${round}`;

/** Upsert of one per cent late readings into all partitions: a plain rewrite of the same rows, COPY_ON_WRITE, MERGE_ON_READ. */
export async function upsert(bench: Bench): Promise<Line[]> {
  const { connection, dir, rounds, size } = bench;
  const cow = await filledTable(bench, "cow");
  const mor = await filledTable(bench, "mor", { type: "MERGE_ON_READ" });
  const plainFolder = join(dir, "plain");
  await plainCopy(bench, plainFolder);
  for (let round = 0; round < rounds; round += 1) {
    const rows = `SELECT *, ${round} AS round FROM (${lateSql(size, round)})`;
    await connection.run(round === 0 ? `CREATE TABLE late AS ${rows}` : `INSERT INTO late ${rows}`);
  }
  const source = (round: number) => ({
    connection,
    operation: "upsert" as const,
    upserts: { sql: `SELECT * EXCLUDE (round) FROM (${late(round)})` },
  });
  const runs = await inTurn(rounds, {
    plain: async (round) => {
      for (const folder of readdirSync(plainFolder)) {
        const day = folder.slice("day=".length);
        const next = join(dir, "next", folder);
        mkdirSync(next, { recursive: true });
        const old = `read_parquet('${join(plainFolder, folder)}/*.parquet', hive_partitioning = false)`;
        const news = `SELECT * EXCLUDE (round) FROM (${late(round)}) WHERE day = '${day}'`;
        await connection.run(
          `COPY (SELECT b.* FROM ${old} b ANTI JOIN (${news}) c USING (reading) UNION ALL BY NAME ${news})
           TO '${join(next, "0.parquet")}' (FORMAT parquet, COMPRESSION zstd)`,
        );
      }
      renameSync(plainFolder, join(dir, `before${round}`));
      renameSync(join(dir, "next"), plainFolder);
    },
    cow: (round) => cow.commit(source(round)),
    mor: (round) => mor.commit(source(round)),
  });
  const { plain } = runs;
  return [
    { what: "plain rewrite of the same partitions", run: plain, ratio: null, aim: "", peakMib: peakMib() },
    {
      what: "upsert of 1 %, COPY_ON_WRITE",
      run: runs.cow,
      ratio: plain.wall / runs.cow.wall,
      aim: "≥ 0.5 × plain",
      peakMib: peakMib(),
    },
    {
      what: "upsert of 1 %, MERGE_ON_READ",
      run: runs.mor,
      ratio: runs.cow.wall / runs.mor.wall,
      aim: "≥ 5 × COPY_ON_WRITE",
      peakMib: peakMib(),
    },
  ];
}
