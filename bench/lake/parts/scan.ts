import { join } from "node:path";
import { peakMib } from "../measure.ts";
import { type Bench, filledTable, inTurn, type Line, plainCopy } from "../part.ts";
import { hourlySql, lateSql } from "../readings.ts";

/** So many delta commits, each with a log file in every file group, lie over the base files. */
const LOG_FILES = 10;

/** Energy by region and hour over all readings: plain Parquet, a COPY_ON_WRITE snapshot, a MERGE_ON_READ one under log files. */
export async function scan(bench: Bench): Promise<Line[]> {
  const { connection, dir, rounds, size } = bench;
  const cow = await filledTable(bench, "cow");
  const mor = await filledTable(bench, "mor", { type: "MERGE_ON_READ" });
  for (let round = 0; round < LOG_FILES; round += 1) {
    await mor.commit({ connection, operation: "upsert", upserts: { sql: lateSql(size, round) } });
  }
  const folder = join(dir, "plain");
  await plainCopy(bench, folder);
  const read = (relation: string) => connection.runAndReadAll(hourlySql(relation));
  // what the log files come to is computed by the first read, and kept
  await read(await mor.snapshotSql());
  const runs = await inTurn(rounds, {
    plain: () => read(`read_parquet('${folder}/*/*.parquet', hive_partitioning = false)`),
    cow: async () => read(await cow.snapshotSql()),
    mor: async () => read(await mor.snapshotSql()),
  });
  const { plain } = runs;
  return [
    { what: "scan of plain Parquet", run: plain, ratio: null, aim: "", peakMib: peakMib() },
    {
      what: "snapshot, COPY_ON_WRITE",
      run: runs.cow,
      ratio: plain.wall / runs.cow.wall,
      aim: "≥ 0.9 × plain",
      peakMib: peakMib(),
    },
    {
      what: `snapshot, MERGE_ON_READ with ${LOG_FILES} log files a group`,
      run: runs.mor,
      ratio: plain.wall / runs.mor.wall,
      aim: "≥ 0.5 × plain",
      peakMib: peakMib(),
    },
  ];
}
