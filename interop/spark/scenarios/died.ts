import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { TableDefinition } from "@gridlake/hudi";
import { MINUTE_MS } from "@gridlake/kernel";
import type { SparkOptions } from "../judge.ts";
import type { Lab } from "../lab.ts";
import { readingKeys, readingRows, readings } from "../readings.ts";
import type { Scenario } from "../scenario.ts";
import { FEW_READ_MODES, METADATA_OFF, METADATA_ON } from "../table-options.ts";

const WRITER = join(import.meta.dirname, "../dying-writer.ts");

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

      await weDie(lab);
      await lab.allAgree("we died", { modes });
      await lab.sparkUpserts(readingRows({ from: 35, to: 70, seq: 30 }), METADATA_ON);
      await lab.allAgree("we died, Spark went on", { modes });

      for (const [metadata, options] of Object.entries({ with: METADATA_ON, without: METADATA_OFF })) {
        await sparkDies(lab, options);
        await lab.allAgree(`Spark died, ${metadata} metadata table`, { modes });
        await lab.weWrite({
          upserts: readingRows({ from: 45, to: 80, seq: 40 }),
          deletes: readingKeys({ from: 10, to: 15 }),
        });
        await lab.allAgree(`Spark died, ${metadata} metadata table, we went on`, { modes });
      }
      await weDie(lab);
      await lab.sparkUpserts(readingRows({ from: 0, to: 90, seq: 50, step: 4 }), METADATA_ON);
      await lab.allAgree("we died again, Spark went on", { modes });
    },
  };
}

/** A process of ours writes all but the file that completes the commit, and is killed. */
async function weDie(lab: Lab): Promise<void> {
  const rows = readingRows({ from: 30, to: 100, seq: 99 });
  const writer = spawn(process.execPath, [WRITER, lab.path, rows, readingKeys({ from: 0, to: 10 })], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: MINUTE_MS,
  });
  const [said] = await Promise.race([once(writer.stdout, "data"), once(writer, "close")]);
  writer.kill("SIGKILL");
  if (writer.exitCode === null && writer.signalCode === null) await once(writer, "close");
  lab.check(
    "our death",
    String(said).startsWith("about to complete") ? null : `the writer ended with ${said}`,
  );
}

/** A check before the commit that can't hold: Spark breaks off there, and leaves all as it is. */
async function sparkDies(lab: Lab, options: SparkOptions): Promise<void> {
  const rows = readingRows({ from: 40, to: 90, seq: 99 });
  const failing = {
    ...options,
    "hoodie.precommit.validators": "org.apache.hudi.client.validator.SqlQuerySingleResultPreCommitValidator",
    "hoodie.precommit.validators.single.value.sql.queries": "select count(*) from <TABLE_NAME>#-1",
  };
  const outcome = await lab.spark("upsert", rows, failing).then(
    () => "the write was completed",
    (error: unknown) => (/validat/i.test(String(error)) ? null : String(error)),
  );
  lab.check("Spark's death", outcome);
}
