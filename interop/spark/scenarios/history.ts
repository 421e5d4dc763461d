import type { TableDefinition } from "@gridlake/hudi";
import { hasCode } from "@gridlake/kernel";
import { completedWrites } from "../../fixtures/completed-writes.ts";
import type { Lab } from "../lab.ts";
import { readingKeys, readingRows, readings } from "../readings.ts";
import type { Scenario } from "../scenario.ts";
import { METADATA_OFF } from "../table-options.ts";

/** The past of a table that both have written: as of every instant, and the changes between any two. */
export function history(name: string, more: Partial<TableDefinition>): Scenario {
  return {
    name: `history, ${name}`,
    shows: "time travel and incremental reads of Spark and of us agree on a past of both",
    async run(lab) {
      await lab.create(readings("readings", more));
      await lab.weWrite({ upserts: readingRows({ from: 0, to: 60, seq: 10 }) });
      await lab.weWrite({
        upserts: readingRows({ from: 40, to: 70, seq: 20 }),
        deletes: readingKeys({ from: 0, to: 9 }),
      });
      await lab.sparkUpserts(readingRows({ from: 20, to: 80, seq: 30, step: 2 }), METADATA_OFF);
      await lab.weWrite({ upserts: readingRows({ from: 30, to: 50, seq: 5 }) });
      await lab.sparkDeletes(readingRows({ from: 60, to: 65, seq: 99 }), METADATA_OFF);
      await lab.weWrite({
        deletes: readingKeys({ from: 45, to: 50 }),
        upserts: readingRows({ from: 46, to: 48, seq: 50 }),
      });

      const positions = (await completedWrites(lab.path)).map(({ position }) => position);
      for (const position of positions) await asOf(lab, position);
      const starts = ["000", ...positions];
      for (const [i, after] of starts.entries()) {
        const next = starts[i + 1];
        if (next === undefined) continue;
        await between(lab, { after, upTo: next });
        await between(lab, { after, upTo: positions.at(-1) ?? next });
      }
    },
  };
}

async function asOf(lab: Lab, position: string): Promise<void> {
  const ours = await (await lab.table()).snapshotSql({ columns: await lab.columns(), asOf: position });
  const theirs = await lab.sparkReads({ ...METADATA_OFF, "as.of.instant": position });
  await lab.same(`as of ${position}`, { ours, theirs });
}

async function between(lab: Lab, { after, upTo }: { after: string; upTo: string }): Promise<void> {
  // there Spark fills partition columns with names of folders, %-encoded
  const columns = (await lab.columns()).filter((column) => column !== "region");
  const ours = await (await lab.table()).incrementalSql({ columns, after, upTo });
  const incremental = {
    ...METADATA_OFF,
    "hoodie.datasource.query.type": "incremental",
    "hoodie.datasource.read.begin.instanttime": after,
    "hoodie.datasource.read.end.instanttime": upTo,
  };
  try {
    const theirs = await lab.sparkReads(incremental, { columns });
    await lab.same(`in (${after}, ${upTo}]`, { ours, theirs });
  } catch (error) {
    if (!hasCode(error, "INTEROP_SPARK_REFUSED")) throw error;
    // of a range without rows Spark knows no columns
    if (!String(error).includes("UNRESOLVED_COLUMN")) throw error;
    await lab.same(`in (${after}, ${upTo}], nothing`, { ours, theirs: `(FROM ${ours} WHERE false)` });
  }
}
