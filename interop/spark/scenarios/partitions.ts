import type { TableDefinition } from "@gridlake/hudi";
import { readingRows, readings } from "../readings.ts";
import type { Scenario } from "../scenario.ts";
import { FEW_READ_MODES, METADATA_ON } from "../table-options.ts";

const COMPLEX = "org.apache.hudi.keygen.ComplexKeyGenerator";

/** Of one key column and several partition columns, Spark 1.2 goes on only when told that keys are `column:value`, as ours are. */
const KEYS_AS_THEY_ARE = { "hoodie.write.complex.keygen.validation.enable": "false" };

/** Folders of every kind: several columns, `column=value`, values that must be encoded. */
export function partitions(name: string, more: Partial<TableDefinition>): Scenario {
  return {
    name: `partitions, ${name}`,
    shows: "rows lie in the same folders whoever wrote them",
    async run(lab) {
      const modes = FEW_READ_MODES;
      const filters = [
        "region = 'north'",
        "region = 'a/b c=%' AND reading > 20",
        "region = 'south' AND device = 'M3'",
        "device >= 'M5'",
      ];
      const definition = readings("readings", more);
      await lab.create(definition);
      const partitionFields = [definition.partition ?? []].flat();
      const fields = new Set([...definition.recordKey, ...partitionFields]);
      const how =
        partitionFields.length > 1
          ? { ...METADATA_ON, "hoodie.datasource.write.keygenerator.class": COMPLEX, ...KEYS_AS_THEY_ARE }
          : METADATA_ON;
      const keys = `SELECT ${[...fields].join(", ")} FROM (${readingRows({ from: 0, to: 9, seq: 0 })})`;
      await lab.weWrite({ upserts: readingRows({ from: 0, to: 60, seq: 10 }) });
      await lab.weWrite({ upserts: readingRows({ from: 40, to: 70, seq: 20 }), deletes: keys });
      await lab.allAgree("ours", { modes, filters });
      await lab.sparkUpserts(readingRows({ from: 20, to: 90, seq: 30, step: 2 }), how);
      await lab.sparkDeletes(readingRows({ from: 30, to: 36, seq: 31 }), how);
      await lab.allAgree("after Spark", { modes, filters });
      await lab.weWrite({ upserts: readingRows({ from: 50, to: 110, seq: 40, step: 3 }) });
      await lab.allAgree("after us", { modes, filters });
    },
  };
}
