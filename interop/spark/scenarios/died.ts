import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { TableDefinition } from "@gridlake/hudi";
import { completedWrites } from "../../fixtures/completed-writes.ts";
import type { Lab } from "../lab.ts";
import { readingKeys, readingRows, readings } from "../readings.ts";
import type { Scenario } from "../scenario.ts";
import { FEW_READ_MODES, METADATA_OFF, METADATA_ON } from "../table-options.ts";

/** A writer that died just before it completed: none sees its rows, and the other, who comes next, takes them away. */
export function died(name: string, more: Partial<TableDefinition>): Scenario {
  return {
    name: `died, ${name}`,
    shows: "what a dead writer of one has left is unseen by the other, and rolled back by its next write",
    async run(lab) {
      const modes = FEW_READ_MODES;
      await lab.create(readings("readings", more));
      await lab.weWrite({ upserts: readingRows({ from: 0, to: 60, seq: 10 }) });
      await lab.weWrite({ upserts: readingRows({ from: 20, to: 40, seq: 20 }) });

      await unseen(lab, async () => {
        const table = await lab.table();
        await table.commit({
          connection: lab.bench.connection,
          operation: "upsert",
          upserts: { sql: readingRows({ from: 30, to: 100, seq: 99 }) },
          deletes: { sql: readingKeys({ from: 0, to: 10 }) },
        });
      });
      await lab.allAgree("we died", { modes });
      await lab.sparkUpserts(readingRows({ from: 35, to: 70, seq: 30 }), METADATA_ON);
      await lab.allAgree("we died, Spark went on", { modes });

      for (const [metadata, options] of Object.entries({ with: METADATA_ON, without: METADATA_OFF })) {
        await unseen(lab, () => lab.spark("upsert", readingRows({ from: 40, to: 90, seq: 99 }), options));
        await lab.weSeeWhatIsExpected(`Spark died, ${metadata} metadata table: we`);
        await lab.weWrite({
          upserts: readingRows({ from: 45, to: 80, seq: 40 }),
          deletes: readingKeys({ from: 10, to: 15 }),
        });
        await lab.allAgree(`Spark died, ${metadata} metadata table, we went on`, { modes });
      }
      await lab.sparkUpserts(readingRows({ from: 0, to: 90, seq: 50, step: 4 }), METADATA_ON);
      await lab.allAgree("after Spark", { modes });
    },
  };
}

/** A write whose completed file goes away again. */
async function unseen({ path }: Lab, write: () => Promise<void>): Promise<void> {
  await write();
  const newest = (await completedWrites(path)).at(-1);
  if (!newest) throw new Error("the write left nothing on the timeline");
  await rm(newest.path);
  await rm(join(dirname(newest.path), `.${basename(newest.path)}.crc`), { force: true });
}
