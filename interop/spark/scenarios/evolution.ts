import type { TableDefinition } from "@gridlake/hudi";
import { readingRows, readings } from "../readings.ts";
import type { Scenario } from "../scenario.ts";
import { FEW_READ_MODES, METADATA_ON } from "../table-options.ts";

const wider = (range: Parameters<typeof readingRows>[0]) => `
  SELECT * REPLACE (phase + 5000000000 AS phase), 'meter of ' || device AS maker FROM (${readingRows(range)})`;
const widest = (range: Parameters<typeof readingRows>[0]) =>
  `SELECT *, reading % 2 = 0 AS even FROM (${wider(range)})`;

/** Columns that come and widen, at the hand of either; old files keep theirs. */
export function evolution(name: string, more: Partial<TableDefinition>): Scenario {
  return {
    name: `evolution, ${name}`,
    shows: "columns that one adds and widens are the other's too",
    async run(lab) {
      const agree = (what: string) =>
        lab.allAgree(what, { modes: FEW_READ_MODES, filters: ["phase > 4000000000", "maker IS NOT NULL"] });
      await lab.create(readings("readings", more));
      await lab.weWrite({ upserts: readingRows({ from: 0, to: 60, seq: 10 }) });
      await lab.weWrite({ upserts: readingRows({ from: 40, to: 70, seq: 20 }) });

      await (
        await lab.table()
      ).evolve({ add: [{ name: "maker", type: "VARCHAR" }], widen: { phase: "BIGINT" } });
      await lab.oracle.alter("ALTER phase TYPE BIGINT");
      await lab.oracle.alter("ADD COLUMN maker VARCHAR");
      await agree("columns of ours, no rows yet");
      await lab.weWrite({ upserts: wider({ from: 50, to: 80, seq: 30 }) });
      await agree("columns of ours");
      await lab.sparkUpserts(wider({ from: 30, to: 90, seq: 40, step: 2 }), METADATA_ON);
      await agree("written by Spark");

      await lab.oracle.alter("ADD COLUMN even BOOLEAN");
      await lab.sparkUpserts(widest({ from: 45, to: 100, seq: 50, step: 3 }), METADATA_ON);
      await agree("a column of Spark's");
      await lab.weWrite({ upserts: widest({ from: 0, to: 110, seq: 60, step: 7 }) });
      await agree("written by us");
    },
  };
}
