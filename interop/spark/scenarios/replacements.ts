import type { TableDefinition } from "@gridlake/hudi";
import { ofRegion, readingRows, readings } from "../readings.ts";
import type { Scenario } from "../scenario.ts";
import { FEW_READ_MODES, METADATA_OFF } from "../table-options.ts";

/** Writes that put new file groups in the place of old ones: overwrites, dropped partitions, clustering. */
export function replacements(name: string, more: Partial<TableDefinition>): Scenario {
  return {
    name: `replacements, ${name}`,
    shows: "overwritten and dropped partitions and clustered files of either are gone for the other",
    async run(lab) {
      const modes = FEW_READ_MODES;
      const agree = (what: string) => lab.allAgree(what, { modes, filters: ["reading < 30"] });
      await lab.create(readings("readings", more));
      await lab.weWrite({ upserts: readingRows({ from: 0, to: 90, seq: 10 }) });
      await lab.weWrite({ upserts: readingRows({ from: 30, to: 60, seq: 20 }) });

      await lab.oracle.deleteWhere("region = 'north'");
      await lab.weWrite({
        upserts: ofRegion("north", readingRows({ from: 50, to: 120, seq: 30 })),
        operation: "insert_overwrite",
      });
      await agree("a partition overwritten by us");
      await lab.oracle.deleteWhere("region = 'south'");
      const rows = ofRegion("south", readingRows({ from: 70, to: 130, seq: 40 }));
      await lab.spark("insert_overwrite", rows, METADATA_OFF);
      await lab.oracle.upsert(rows);
      await agree("one overwritten by Spark");

      await (await lab.table()).cluster({ connection: lab.bench.connection, sortBy: ["reading"] });
      await agree("clustered by us");
      await lab.sparkUpserts(readingRows({ from: 60, to: 140, seq: 50, step: 3 }), METADATA_OFF);
      await lab.procedure("run_clustering", "order => 'energy_wh'", { ...METADATA_OFF, ...pinned(more) });
      await agree("clustered by Spark");
      await lab.weWrite({ upserts: readingRows({ from: 100, to: 150, seq: 60 }) });
      await agree("written on by us");

      await (await lab.table()).deletePartitions(["south"]);
      await lab.oracle.deleteWhere("region = 'south'");
      await agree("a partition dropped by us");
      await lab.spark("delete_partition", ofRegion("north", readingRows({ from: 50, to: 60, seq: 0 })), {
        ...METADATA_OFF,
        "hoodie.datasource.write.partitions.to.delete": "north",
      });
      await lab.oracle.deleteWhere("region = 'north'");
      await agree("one dropped by Spark");
      await lab.weWrite({ upserts: readingRows({ from: 0, to: 20, seq: 70 }) });
      await lab.sparkUpserts(readingRows({ from: 10, to: 30, seq: 80 }), METADATA_OFF);
      await agree("filled again by both");
    },
  };
}

function pinned({ version = 6 }: Partial<TableDefinition>): Record<string, string> {
  return { "hoodie.write.table.version": String(version), "hoodie.write.auto.upgrade": "false" };
}
