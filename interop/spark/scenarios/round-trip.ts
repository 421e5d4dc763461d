import type { TableDefinition } from "@gridlake/hudi";
import type { Lab } from "../lab.ts";
import { READING_FILTERS, readingKeys, readingRows, readings } from "../readings.ts";
import type { Scenario } from "../scenario.ts";
import { METADATA_ON } from "../table-options.ts";

/** We and Spark take turns on one table; after each turn both, and hudi-rs, must see what it must hold. */
export function roundTrip(name: string, more: Partial<TableDefinition>): Scenario {
  return {
    name: `round trip, ${name}`,
    shows: "we write, Spark upserts and deletes, we go on, Spark goes on; all see the same after each turn",
    async run(lab) {
      await lab.create(readings("readings", more));
      await weBegin(lab);
      await agree(lab, "ours");
      await sparkGoesOn(lab);
      await agree(lab, "after Spark");
      await weGoOn(lab);
      await agree(lab, "after us");
      // it asks the bloom filters and key ranges that we put into the footers
      const changed = readingRows({ from: 5, to: 380, seq: 50, step: 11 });
      await lab.sparkUpserts(changed, { ...METADATA_ON, "hoodie.index.type": "BLOOM" });
      await agree(lab, "after Spark with a bloom index");
    },
  };
}

function agree(lab: Lab, what: string): Promise<void> {
  return lab.allAgree(what, { filters: READING_FILTERS });
}

async function weBegin(lab: Lab): Promise<void> {
  await lab.weWrite({ upserts: readingRows({ from: 0, to: 300, seq: 10 }), operation: "bulk_insert" });
  await lab.weWrite({
    upserts: readingRows({ from: 200, to: 320, seq: 20, step: 2 }),
    deletes: readingKeys({ from: 0, to: 30, step: 4 }),
  });
}

/** With the metadata table, as a Spark user has it by default, and the column statistics that make it skip files. */
async function sparkGoesOn(lab: Lab): Promise<void> {
  await lab.sparkUpserts(readingRows({ from: 40, to: 340, seq: 30, step: 3 }), METADATA_ON);
  // older than what is there: these must not hold
  await lab.sparkUpserts(readingRows({ from: 40, to: 60, seq: 15 }), METADATA_ON);
  await lab.sparkDeletes(readingRows({ from: 50, to: 90, seq: 99, step: 5 }), METADATA_ON);
}

/** What Spark has kept beside the table is stale from here on, unless it was taken out of service. */
async function weGoOn(lab: Lab): Promise<void> {
  await lab.weWrite({
    upserts: readingRows({ from: 0, to: 360, seq: 40, step: 7 }),
    deletes: readingKeys({ from: 100, to: 200, step: 9 }),
  });
  await lab.weWrite({ upserts: readingRows({ from: 0, to: 60, seq: 12 }) });
}
