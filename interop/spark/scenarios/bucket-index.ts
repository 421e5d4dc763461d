import type { TableDefinition } from "@gridlake/hudi";
import { readingKeys, readingRows, readings } from "../readings.ts";
import type { Scenario } from "../scenario.ts";
import { FEW_READ_MODES, METADATA_OFF } from "../table-options.ts";

const BUCKETS = 4;
const SPARK = {
  ...METADATA_OFF,
  "hoodie.index.type": "BUCKET",
  "hoodie.bucket.index.num.buckets": String(BUCKETS),
  "hoodie.bucket.index.hash.field": "device,reading",
  "hoodie.storage.layout.type": "BUCKET",
  "hoodie.storage.layout.partitioner.class":
    "org.apache.hudi.table.action.commit.SparkBucketIndexPartitioner",
};

/** A table whose rows lie in buckets by a hash of their keys: both must compute the same one, or keys are there twice. */
export function bucketIndex(name: string, more: Partial<TableDefinition>): Scenario {
  return {
    name: `bucket index, ${name}`,
    shows: "Spark finds in our buckets what we have put there, and we in Spark's",
    async run(lab) {
      const modes = FEW_READ_MODES;
      const index = { kind: "bucket", buckets: BUCKETS, fields: ["device", "reading"] } as const;
      await lab.create(readings("readings", { index, ...more }));
      await lab.weWrite({ upserts: readingRows({ from: 0, to: 60, seq: 10 }) });
      await lab.weWrite({
        upserts: readingRows({ from: 50, to: 80, seq: 20 }),
        deletes: readingKeys({ from: 0, to: 10 }),
      });
      await lab.allAgree("ours", { modes });
      await lab.sparkUpserts(readingRows({ from: 40, to: 100, seq: 30 }), SPARK);
      await lab.sparkDeletes(readingRows({ from: 20, to: 30, seq: 31 }), SPARK);
      await lab.allAgree("after Spark", { modes });
      await lab.weWrite({ upserts: readingRows({ from: 25, to: 110, seq: 40, step: 2 }) });
      await lab.allAgree("after us", { modes });
      await lab.sparkUpserts(readingRows({ from: 0, to: 120, seq: 50, step: 3 }), SPARK);
      await lab.allAgree("after Spark again", { modes });
    },
  };
}
