import { rmSync } from "node:fs";
import { join } from "node:path";
import { peakMib } from "../measure.ts";
import { type Bench, inTurn, type Line, newTable, plainCopy } from "../part.ts";

/** Bulk insert of all readings, against DuckDB's plain partitioned COPY of the same. */
export async function insert(bench: Bench): Promise<Line[]> {
  const { connection, dir, rounds } = bench;
  const { plain, ours } = await inTurn(rounds, {
    ours: async (round) => {
      const table = await newTable(bench, `cow${round}`);
      await table.commit({
        connection,
        operation: "bulk_insert",
        upserts: { sql: "SELECT * FROM readings" },
      });
      rmSync(join(dir, `cow${round}`), { recursive: true });
    },
    plain: async (round) => {
      await plainCopy(bench, join(dir, `plain${round}`));
      rmSync(join(dir, `plain${round}`), { recursive: true });
    },
  });
  return [
    { what: "plain partitioned COPY", run: plain, ratio: null, aim: "", peakMib: peakMib() },
    {
      what: "bulk insert",
      run: ours,
      ratio: plain.wall / ours.wall,
      aim: "≥ 0.5 × plain",
      peakMib: peakMib(),
    },
  ];
}
