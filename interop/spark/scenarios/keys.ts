import type { TableDefinition } from "@gridlake/hudi";
import type { Scenario } from "../scenario.ts";
import { FEW_READ_MODES, METADATA_OFF } from "../table-options.ts";

const KEYS = {
  BIGINT: ["number"],
  INTEGER: ["small"],
  VARCHAR: ["text"],
  several: ["text", "number", "small"],
} as const satisfies Record<string, readonly string[]>;

const rows = (from: number, to: number, value: string) => `
  SELECT 'k' || i AS text, i * 10000000000 AS number, i::INTEGER AS small, '${value}' AS value FROM range(${from}, ${to}) r(i)`;

/**
 * The text of a key must be the same whoever writes it and by whatever operation, or one row is there twice. New keys of
 * ours must be found by indexes that look at base files alone.
 */
export function keys(kind: keyof typeof KEYS, name: string, more: Partial<TableDefinition>): Scenario {
  return {
    name: `keys of ${kind}, ${name}`,
    shows: "a row that one has inserted is updated by the other, not doubled",
    async run(lab) {
      const modes = FEW_READ_MODES;
      const columns: TableDefinition["columns"] = [
        { name: "text", type: "VARCHAR" },
        { name: "number", type: "BIGINT" },
        { name: "small", type: "INTEGER" },
        { name: "value", type: "VARCHAR" },
      ];
      await lab.create({
        name: "keys",
        columns,
        recordKey: KEYS[kind],
        partition: null,
        ordering: null,
        ...more,
      });
      await lab.weWrite({ upserts: rows(0, 50, "we bulk-insert"), operation: "bulk_insert" });
      await lab.weWrite({ upserts: rows(45, 70, "we upsert") });
      await lab.spark("bulk_insert", rows(70, 90, "Spark bulk-inserts"), METADATA_OFF);
      await lab.oracle.upsert(rows(70, 90, "Spark bulk-inserts"));
      await lab.weWrite({ upserts: rows(60, 80, "we upsert what Spark bulk-inserted") });
      await lab.sparkUpserts(rows(40, 75, "Spark upserts"), {
        ...METADATA_OFF,
        "hoodie.index.type": "SIMPLE",
      });
      await lab.sparkUpserts(rows(65, 95, "Spark upserts by bloom"), {
        ...METADATA_OFF,
        "hoodie.index.type": "BLOOM",
      });
      await lab.weWrite({ upserts: rows(85, 100, "we upsert what Spark upserted") });
      await lab.allAgree("after all", { modes });
    },
  };
}
