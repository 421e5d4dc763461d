import type { TableDefinition } from "@gridlake/hudi";
import { readingKeys, readingRows, readings } from "../readings.ts";
import type { Scenario } from "../scenario.ts";
import { FEW_READ_MODES, METADATA_ON } from "../table-options.ts";

const TURNS = 6;
const SPARK = {
  ...METADATA_ON,
  "hoodie.clean.automatic": "true",
  "hoodie.clean.commits.retained": "3",
  "hoodie.keep.min.commits": "4",
  "hoodie.keep.max.commits": "5",
  "hoodie.commits.archival.batch": "1",
};

/** Cleans and archives of both on one table, small enough that each meets what the other has left. */
export function housekeeping(name: string, more: Partial<TableDefinition>): Scenario {
  return {
    name: `housekeeping, ${name}`,
    shows: "each cleans and archives what both have written, and goes on",
    async run(lab) {
      const modes = FEW_READ_MODES;
      await lab.create(readings("readings", more));
      for (let turn = 0; turn < TURNS; turn += 1) {
        const [from, seq] = [turn * 10, turn * 10];
        await lab.weWrite({
          upserts: readingRows({ from, to: from + 40, seq: seq + 1 }),
          deletes: readingKeys({ from, to: from + 5 }),
        });
        const table = await lab.table();
        await table.clean({ retainCommits: 3 });
        await table.archive({ minInstants: 4, maxInstants: 5 });
        if (turn % 2 === 1) await lab.weSeeWhatIsExpected(`turn ${turn}, cleaned and archived by us`);
        await lab.sparkUpserts(readingRows({ from: from + 20, to: from + 50, seq: seq + 2, step: 2 }), SPARK);
        if (turn % 3 === 2)
          await lab.allAgree(`turn ${turn}, by Spark`, { modes, filters: ["reading >= 60"] });
      }
      await lab.weWrite({ upserts: readingRows({ from: 0, to: 20, seq: 1_000 }) });
      await lab.allAgree("at the end", { modes });
    },
  };
}
