import type { TableDefinition } from "@gridlake/hudi";
import { hasCode } from "@gridlake/kernel";
import { readingKeys, readingRows, readings } from "../readings.ts";
import type { Scenario } from "../scenario.ts";
import { FEW_READ_MODES, METADATA_ON } from "../table-options.ts";

/** A Spark that is not told otherwise makes version 9 of a table that it writes to. */
export function upgrade(name: string, more: Partial<TableDefinition>): Scenario {
  return {
    name: `upgrade, ${name}`,
    shows: "a table that Spark has upgraded under us goes on working",
    async run(lab) {
      const modes = FEW_READ_MODES;
      const unpinned = {
        ...METADATA_ON,
        "hoodie.write.table.version": "9",
        "hoodie.write.auto.upgrade": "true",
      };
      await lab.create(readings("readings", { version: 6, ...more }));
      await lab.weWrite({ upserts: readingRows({ from: 0, to: 60, seq: 10 }) });
      await lab.weWrite({
        upserts: readingRows({ from: 40, to: 70, seq: 20 }),
        deletes: readingKeys({ from: 0, to: 9 }),
      });
      const opened = await lab.table();
      await lab.sparkUpserts(readingRows({ from: 30, to: 80, seq: 30, step: 2 }), unpinned);
      const { version } = (await lab.table()).config;
      lab.check(`after Spark: version ${version}`, version === 9 ? null : "Spark did not upgrade it");
      await lab.allAgree("after Spark", { modes });

      // by a handle from before the upgrade: it must not write as if nothing had happened
      const rows = readingRows({ from: 50, to: 55, seq: 40 });
      const write = () =>
        opened.commit({ connection: lab.bench.connection, operation: "upsert", upserts: { sql: rows } });
      await write().catch((error: unknown) => {
        // Spark says of some columns more than we did: the handle has seen that now
        if (!hasCode(error, "HUDI_WRITE_CONFLICT")) throw error;
        return write();
      });
      await lab.oracle.upsert(rows);
      await lab.allAgree("after us, by the old handle", { modes });
      await lab.weWrite({ upserts: readingRows({ from: 60, to: 90, seq: 50 }) });
      await lab.sparkUpserts(readingRows({ from: 0, to: 90, seq: 60, step: 5 }), unpinned);
      await lab.allAgree("after both", { modes });
    },
  };
}
