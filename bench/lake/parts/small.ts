import { peakMib } from "../measure.ts";
import { type Bench, filledTable, inTurn, type Line } from "../part.ts";
import { readingsSql } from "../readings.ts";

const ROWS = 1_000;
const AIM_SECONDS = 0.1;

/** Commits of a thousand rows into the full tables: new rows, and changes of rows that may be anywhere in a day. */
export async function small(bench: Bench): Promise<Line[]> {
  const { connection, rounds, size } = bench;
  const tables = {
    cow: await filledTable(bench, "cow"),
    mor: await filledTable(bench, "mor", { type: "MERGE_ON_READ" }),
    bucket: await filledTable(bench, "bucket", {
      type: "MERGE_ON_READ",
      index: { kind: "bucket", buckets: 4, fields: ["reading"] },
    }),
  };
  const fresh = (round: number) =>
    `SELECT * REPLACE (reading || '-new${round}' AS reading) FROM (${readingsSql(size)}) LIMIT ${ROWS}`;
  const changed = (round: number) => {
    const where = `m < 1440 AND hash(d, m, ${round}) % ${Math.max(1, Math.floor((size.devices * 1_440) / ROWS))} = 0`;
    return `SELECT * FROM (${readingsSql(size, { seq: round + 2, where })}) LIMIT ${ROWS}`;
  };
  const commit = (table: (typeof tables)["cow"], operation: "insert" | "upsert", sql: string) =>
    table.commit({ connection, operation, upserts: { sql } });
  const runs = await inTurn(rounds, {
    "insert of 1,000, COPY_ON_WRITE": (round) => commit(tables.cow, "insert", fresh(round)),
    "upsert of 1,000 of a day, COPY_ON_WRITE": (round) => commit(tables.cow, "upsert", changed(round)),
    "upsert of 1,000 of a day, MERGE_ON_READ": (round) => commit(tables.mor, "upsert", changed(round)),
    "the same with a bucket index": (round) => commit(tables.bucket, "upsert", changed(round)),
  });
  return Object.entries(runs).map(([what, run], at) => ({
    what,
    run,
    ratio: at === 0 ? AIM_SECONDS / run.wall : null,
    aim: at === 0 ? "≤ 100 ms: ratio ≥ 1" : "",
    peakMib: peakMib(),
  }));
}
