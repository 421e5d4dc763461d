import { LocalStorage, type TableDefinition } from "@gridlake/hudi";
import { WriteLock } from "@gridlake/hudi/table/write-lock.ts";
import { hasCode, systemClock } from "@gridlake/kernel";
import type { Lab } from "../lab.ts";
import { ofRegion, readingRows, readings } from "../readings.ts";
import type { Scenario } from "../scenario.ts";
import { FEW_READ_MODES, METADATA_OFF } from "../table-options.ts";

const ROUNDS = 4;
/** As Hudi's documentation has it for several writers, by files. */
const SHARED = {
  ...METADATA_OFF,
  "hoodie.write.concurrency.mode": "optimistic_concurrency_control",
  "hoodie.write.lock.provider": "org.apache.hudi.client.transaction.lock.FileSystemBasedLockProvider",
  "hoodie.clean.failed.writes.policy": "LAZY",
  "hoodie.cleaner.policy.failed.writes": "LAZY",
  "hoodie.write.lock.wait_time_ms_between_retry": "100",
  "hoodie.write.lock.client.num_retries": "20",
};

/** Spark set up for several writers, and we: each waits for the other's lock, and nothing of either is lost. */
export function locks(name: string, more: Partial<TableDefinition>): Scenario {
  return {
    name: `locks, ${name}`,
    shows: "Spark with Hudi's file lock and we write at once",
    async run(lab) {
      const modes = FEW_READ_MODES;
      await lab.create(readings("readings", more));
      await lab.weWrite({ upserts: readingRows({ from: 0, to: 90, seq: 1 }) });
      await sparkWaits(lab);
      await lab.allAgree("a lock that we held", { modes });
      for (let round = 0; round < ROUNDS; round += 1) {
        await atOnce(lab, 10 * round + 10, round % 2 === 0 ? "exclusive" : "optimistic");
      }
      await lab.allAgree("written at once", { modes });
    },
  };
}

async function sparkWaits(lab: Lab): Promise<void> {
  const lock = await WriteLock.acquire({
    storage: new LocalStorage(),
    basePath: lab.path,
    clock: systemClock,
  });
  const rows = readingRows({ from: 0, to: 10, seq: 5 });
  const impatient = {
    ...SHARED,
    "hoodie.write.lock.client.num_retries": "1",
    "hoodie.write.lock.wait_time_ms": "500",
  };
  const refused = await lab.spark("upsert", rows, impatient).then(
    () => "it wrote in spite of our lock",
    (error: unknown) => (/lock/i.test(String(error)) ? null : String(error)),
  );
  lab.check("Spark does not write while we hold the lock", refused);
  await lock.release();
  await lab.sparkUpserts(rows, SHARED);
}

/** Spark writes readings of one region while we write those of another. */
async function atOnce(lab: Lab, seq: number, concurrency: "exclusive" | "optimistic"): Promise<void> {
  const theirs = ofRegion("north", readingRows({ from: 0, to: 90, seq }));
  const turn = { isOver: false };
  const write = await lab.prepareSpark("upsert", theirs, SHARED);
  const spark = write().then(
    () => true,
    (error: unknown) => String(error),
  );
  void spark.then(() => (turn.isOver = true));
  let [commits, conflicts] = [0, 0];
  while (!turn.isOver || commits === 0) {
    const ours = ofRegion("south", readingRows({ from: 0, to: 90, seq: seq + commits + 1 }));
    try {
      await lab.weWrite({ upserts: ours, concurrency, lock: { waitMs: 20_000 } });
      commits += 1;
    } catch (error) {
      if (!hasCode(error, "HUDI_WRITE_CONFLICT") && !hasCode(error, "HUDI_PENDING_ACTION")) throw error;
      conflicts += 1;
    }
  }
  const ended = await spark;
  if (ended === true) await lab.oracle.upsert(theirs);
  lab.check(
    `${commits} ${concurrency} commits of ours, ${conflicts} conflicts, while Spark wrote`,
    ended === true ? null : String(ended),
  );
  await lab.weSeeWhatIsExpected("at once");
}
