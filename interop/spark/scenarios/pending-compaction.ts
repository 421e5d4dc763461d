import type { TableDefinition } from "@gridlake/hudi";
import type { Lab } from "../lab.ts";
import { readingKeys, readingRows, readings } from "../readings.ts";
import type { Scenario } from "../scenario.ts";
import { FEW_READ_MODES, METADATA_OFF } from "../table-options.ts";

/** A compaction that one has planned: the other reads and writes around the plan, and carries it out. */
export function pendingCompaction(version: NonNullable<TableDefinition["version"]>): Scenario {
  const modes = FEW_READ_MODES;
  const options = {
    ...METADATA_OFF,
    "hoodie.compact.inline.max.delta.commits": "1",
    "hoodie.write.table.version": String(version),
    "hoodie.write.auto.upgrade": "false",
  };
  return {
    name: `pending compaction, mor-v${version}`,
    shows: "a plan of Spark's is met and carried out by us, one of ours by Spark",
    async run(lab) {
      await lab.create(readings("readings", { type: "MERGE_ON_READ", version }));
      await lab.weWrite({ upserts: readingRows({ from: 0, to: 60, seq: 10 }) });
      await lab.weWrite({ upserts: readingRows({ from: 20, to: 40, seq: 20 }) });

      await lab.procedure("run_compaction", "op => 'schedule'", options);
      await pendingAre(lab, 1, "planned by Spark");
      await lab.allAgree("planned by Spark", { modes });
      await lab.weWrite({
        upserts: readingRows({ from: 30, to: 50, seq: 30 }),
        deletes: readingKeys({ from: 0, to: 5 }),
      });
      await lab.sparkUpserts(readingRows({ from: 35, to: 70, seq: 35, step: 2 }), METADATA_OFF);
      await lab.allAgree("written on beside Spark's plan", { modes });
      await (await lab.table()).compact({ connection: lab.bench.connection, schedule: null });
      await pendingAre(lab, 0, "carried out by us");
      await lab.allAgree("carried out by us", { modes });

      await lab.weWrite({ upserts: readingRows({ from: 10, to: 30, seq: 40 }) });
      await (await lab.table()).scheduleCompaction();
      await pendingAre(lab, 1, "planned by us");
      await lab.sparkUpserts(readingRows({ from: 15, to: 45, seq: 50, step: 3 }), METADATA_OFF);
      await lab.weWrite({
        upserts: readingRows({ from: 20, to: 25, seq: 60 }),
        deletes: readingKeys({ from: 55, to: 60 }),
      });
      await lab.allAgree("written on beside our plan", { modes });
      await lab.procedure("run_compaction", "op => 'run'", options);
      await pendingAre(lab, 0, "carried out by Spark");
      await lab.allAgree("carried out by Spark", { modes });
      await lab.weWrite({ upserts: readingRows({ from: 0, to: 80, seq: 70, step: 7 }) });
      await lab.allAgree("after us", { modes });
    },
  };
}

async function pendingAre(lab: Lab, expected: number, what: string): Promise<void> {
  const found = (await (await lab.table()).pendingCompactions()).length;
  lab.check(`${what}: ${found} pending`, found === expected ? null : `${expected} expected`);
}
