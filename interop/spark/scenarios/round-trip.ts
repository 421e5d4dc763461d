import type { TableDefinition } from "@gridlake/hudi";
import type { Lab } from "../lab.ts";
import type { Oracle } from "../oracle.ts";
import { oracleOf, READING_FILTERS, readingKeys, readingRows, readings } from "../readings.ts";
import type { Scenario } from "../scenario.ts";
import { METADATA_ON } from "../table-options.ts";

/** We and Spark take turns on one table; after each turn both, and hudi-rs, must see what it must hold. */
export function roundTrip(name: string, more: Partial<TableDefinition>): Scenario {
  return {
    name: `round-trip ${name}`,
    shows: "we write, Spark upserts and deletes, we go on, Spark goes on; all see the same after each turn",
    async run(lab) {
      const definition = readings(name.replaceAll("-", "_"), more);
      await lab.create(definition);
      const oracle = await oracleOf(lab.bench.connection, definition);
      await weBegin(lab, oracle);
      await agree(lab, oracle, "ours");
      await sparkGoesOn(lab, oracle);
      await agree(lab, oracle, "after Spark");
      await weGoOn(lab, oracle);
      await agree(lab, oracle, "after us");
      await sparkWithBloom(lab, oracle);
      await agree(lab, oracle, "after Spark with a bloom index");
    },
  };
}

async function agree(lab: Lab, oracle: Oracle, what: string): Promise<void> {
  await lab.weSee(oracle.name, `${what}: we`);
  await lab.sparkAgrees(what, { filters: READING_FILTERS });
  await lab.hudiRsAgrees(what);
}

async function weBegin(lab: Lab, oracle: Oracle): Promise<void> {
  const first = readingRows({ from: 0, to: 300, seq: 10 });
  await lab.commit({ upserts: first, operation: "bulk_insert" });
  await oracle.upsert(first);
  const second = readingRows({ from: 200, to: 320, seq: 20, step: 2 });
  const gone = readingKeys({ from: 0, to: 30, step: 4 });
  await lab.commit({ upserts: second, deletes: gone });
  await oracle.delete(gone);
  await oracle.upsert(second);
}

/** With the metadata table, as a Spark user has it by default, and the column statistics that make it skip files. */
async function sparkGoesOn(lab: Lab, oracle: Oracle): Promise<void> {
  const changed = readingRows({ from: 40, to: 340, seq: 30, step: 3 });
  await lab.spark("upsert", changed, METADATA_ON);
  await oracle.upsert(changed);
  // older than what is there: these must not hold
  const late = readingRows({ from: 40, to: 60, seq: 15 });
  await lab.spark("upsert", late, METADATA_ON);
  await oracle.upsert(late);
  const gone = readingKeys({ from: 50, to: 90, step: 5 });
  await lab.spark(
    "delete",
    `SELECT * FROM (${readingRows({ from: 50, to: 90, seq: 99, step: 5 })})`,
    METADATA_ON,
  );
  await oracle.delete(gone);
}

/** What Spark has kept beside the table is stale from here on, unless it was taken out of service. */
async function weGoOn(lab: Lab, oracle: Oracle): Promise<void> {
  const changed = readingRows({ from: 0, to: 360, seq: 40, step: 7 });
  const gone = readingKeys({ from: 100, to: 200, step: 9 });
  await lab.commit({ upserts: changed, deletes: gone });
  await oracle.delete(gone);
  await oracle.upsert(changed);
  const late = readingRows({ from: 0, to: 60, seq: 12 });
  await lab.commit({ upserts: late });
  await oracle.upsert(late);
}

async function sparkWithBloom(lab: Lab, oracle: Oracle): Promise<void> {
  const changed = readingRows({ from: 5, to: 380, seq: 50, step: 11 });
  await lab.spark("upsert", changed, { ...METADATA_ON, "hoodie.index.type": "BLOOM" });
  await oracle.upsert(changed);
}
