import { LocalStorage, openTable, type Storage, type TableDefinition } from "@gridlake/hudi";
import type { SparkOptions } from "../judge.ts";
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

/** All is written but the file that completes the commit. */
async function weDie(lab: Lab): Promise<void> {
  const table = await openTable(unableToComplete(new LocalStorage()), lab.path);
  const write = table.commit({
    connection: lab.bench.connection,
    operation: "upsert",
    upserts: { sql: readingRows({ from: 30, to: 100, seq: 99 }) },
    deletes: { sql: readingKeys({ from: 0, to: 10 }) },
  });
  await write.then(
    () => lab.check("our death", "the write was completed"),
    () => undefined,
  );
}

const COMPLETED = /\/\d{17}(_\d{17})?\.(commit|deltacommit)$/;

function unableToComplete(storage: Storage): Storage {
  return new Proxy(storage, {
    get(target, name: keyof Storage) {
      const method: unknown = target[name];
      if (typeof method !== "function") return method;
      return (...args: unknown[]) => {
        const isReading = name === "read" || name === "status" || name === "list";
        if (!isReading && args.some((arg) => typeof arg === "string" && COMPLETED.test(arg))) {
          return Promise.reject(new Error("died"));
        }
        return Reflect.apply(method, target, args) as unknown;
      };
    },
  });
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
