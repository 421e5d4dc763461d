import type { TableDefinition } from "@gridlake/hudi";
import { readingRows, readings } from "../readings.ts";
import type { Scenario } from "../scenario.ts";
import { FEW_READ_MODES, METADATA_OFF, METADATA_ON } from "../table-options.ts";

/** A table is made again what it was at a savepoint: by us at one of Spark's, by Spark at one of ours. */
export function savepoints(name: string, more: Partial<TableDefinition>): Scenario {
  return {
    name: `savepoints, ${name}`,
    shows: "each restores the table to a savepoint of the other",
    async run(lab) {
      const modes = FEW_READ_MODES;
      const pinned = {
        "hoodie.write.table.version": String(more.version ?? 6),
        "hoodie.write.auto.upgrade": "false",
      };
      await lab.create(readings("readings", more));
      await lab.weWrite({ upserts: readingRows({ from: 0, to: 60, seq: 10 }) });
      const ours = await lab.weWrite({ upserts: readingRows({ from: 40, to: 70, seq: 20 }) });
      await (await lab.table()).savepoint({ user: "interop", comment: "before Spark" });
      const before = await lab.oracle.copy("before");
      await lab.sparkUpserts(readingRows({ from: 20, to: 90, seq: 30 }), METADATA_OFF);
      await lab.weWrite({ upserts: readingRows({ from: 50, to: 100, seq: 40 }) });
      await lab.procedure("rollback_to_savepoint", `instant_time => '${ours}'`, {
        ...METADATA_OFF,
        ...pinned,
      });
      await lab.oracle.become(before);
      await lab.allAgree("restored by Spark", { modes });

      await lab.sparkUpserts(readingRows({ from: 30, to: 80, seq: 50 }), METADATA_ON);
      const theirs = (await (await lab.table()).timeline()).at(-1)?.timestamp ?? "";
      await lab.procedure("create_savepoint", `commit_time => '${theirs}'`, { ...METADATA_ON, ...pinned });
      const after = await lab.oracle.copy("after");
      await lab.sparkUpserts(readingRows({ from: 70, to: 120, seq: 60 }), METADATA_ON);
      await lab.weWrite({ upserts: readingRows({ from: 0, to: 20, seq: 70 }) });
      const known = (await (await lab.table()).savepoints()).map(({ instant }) => instant);
      lab.check(`savepoints ${known.join(" ")}`, known.includes(theirs) ? null : `${theirs} is missing`);
      await (await lab.table()).restore({ to: theirs });
      await lab.oracle.become(after);
      await lab.allAgree("restored by us", { modes });
      await lab.sparkUpserts(readingRows({ from: 60, to: 90, seq: 80 }), METADATA_ON);
      await lab.weWrite({ upserts: readingRows({ from: 85, to: 95, seq: 90 }) });
      await lab.allAgree("written on by both", { modes });
    },
  };
}
