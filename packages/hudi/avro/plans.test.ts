import avsc from "avsc";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ARCHIVED_ENTRY } from "./archived-entry.ts";
import { cleanerPlan, cleanMetadata } from "./clean.ts";
import { type CompactionPlan, compactionPlan } from "./compaction-plan.ts";
import { encodeContainer } from "./container.ts";
import type { Codec } from "./record.ts";
import { type RequestedReplace, requestedReplace } from "./requested-replace.ts";
import { restoreMetadata, restorePlan } from "./restore.ts";
import { rollbackMetadata, rollbackPlan } from "./rollback.ts";
import { type SavepointMetadata, savepointMetadata } from "./savepoint.ts";

const text = fc.string({ unit: "grapheme", maxLength: 12 }).filter((one) => one !== "__proto__");
const texts = fc.array(text, { maxLength: 3 });
const count = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const by = <V>(value: fc.Arbitrary<V>) => fc.dictionary(text, value, { maxKeys: 3, noNullPrototype: true });
const orNull = <V>(value: fc.Arbitrary<V>) => fc.option(value);
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { noNullPrototype: true });
const instant = record({ commitTime: text, action: text });

const rollback = record({
  startRollbackTime: text,
  timeTakenInMillis: count,
  totalFilesDeleted: count,
  commitsRollback: texts,
  partitionMetadata: by(
    record({
      partitionPath: text,
      successDeleteFiles: texts,
      failedDeleteFiles: texts,
      rollbackLogFiles: orNull(by(count)),
      logFilesFromFailedCommit: orNull(by(count)),
    }),
  ),
  version: count,
  instantsRollback: fc.array(instant, { maxLength: 2 }),
});
const strategy = record({
  strategyClassName: orNull(text),
  strategyParams: orNull(by(text)),
  version: count,
});

const BODIES: Record<string, [Codec<never>, fc.Arbitrary<unknown>]> = {
  "cleaner plan": [
    cleanerPlan as Codec<never>,
    record({
      earliestInstantToRetain: orNull(record({ timestamp: text, action: text, state: text })),
      lastCompletedCommitTimestamp: text,
      policy: text,
      filesToBeDeletedPerPartition: orNull(by(texts)),
      version: count,
      filePathsToBeDeletedPerPartition: orNull(
        by(fc.array(record({ filePath: text, isBootstrapBaseFile: fc.boolean() }), { maxLength: 2 })),
      ),
      partitionsToBeDeleted: orNull(texts),
      extraMetadata: orNull(by(text)),
    }),
  ],
  "clean metadata": [
    cleanMetadata as Codec<never>,
    record({
      startCleanTime: text,
      timeTakenInMillis: count,
      totalFilesDeleted: count,
      earliestCommitToRetain: text,
      lastCompletedCommitTimestamp: text,
      partitionMetadata: by(
        record({
          partitionPath: text,
          policy: text,
          deletePathPatterns: texts,
          successDeleteFiles: texts,
          failedDeleteFiles: texts,
          isPartitionDeleted: orNull(fc.boolean()),
        }),
      ),
      version: count,
      bootstrapPartitionMetadata: fc.constant(null),
      extraMetadata: orNull(by(text)),
    }),
  ],
  "rollback plan": [
    rollbackPlan as Codec<never>,
    record({
      instantToRollback: orNull(instant),
      RollbackRequests: orNull(
        fc.array(
          record({
            partitionPath: text,
            fileId: orNull(text),
            latestBaseInstant: orNull(text),
            filesToBeDeleted: texts,
            logBlocksToBeDeleted: orNull(by(count)),
          }),
          { maxLength: 2 },
        ),
      ),
      version: count,
    }),
  ],
  "rollback metadata": [rollbackMetadata as Codec<never>, rollback],
  "restore plan": [
    restorePlan as Codec<never>,
    record({
      instantsToRollback: fc.array(instant, { maxLength: 3 }),
      version: count,
      savepointToRestoreTimestamp: orNull(text),
    }),
  ],
  "restore metadata": [
    restoreMetadata as Codec<never>,
    record({
      startRestoreTime: text,
      timeTakenInMillis: count,
      instantsToRollback: texts,
      hoodieRestoreMetadata: by(fc.array(orNull(rollback), { maxLength: 2 })),
      version: count,
      restoreInstantInfo: fc.array(instant, { maxLength: 2 }),
    }),
  ],
  "savepoint metadata": [
    savepointMetadata as Codec<never>,
    record({
      savepointedBy: text,
      savepointedAt: count,
      comments: text,
      partitionMetadata: by(record({ partitionPath: text, savepointDataFile: texts })),
      version: count,
    }),
  ],
  "compaction plan": [
    compactionPlan as Codec<never>,
    record({
      operations: orNull(
        fc.array(
          record({
            baseInstantTime: text,
            deltaFilePaths: orNull(texts),
            dataFilePath: orNull(text),
            fileId: text,
            partitionPath: text,
            metrics: orNull(by(fc.double({ noNaN: true }))),
            bootstrapFilePath: fc.constant(null),
          }),
          { maxLength: 2 },
        ),
      ),
      extraMetadata: orNull(by(text)),
      version: count,
      strategy: fc.constant(null),
      preserveHoodieMetadata: fc.boolean(),
      missingSchedulePartitions: orNull(texts),
    }),
  ],
  "requested replace": [
    requestedReplace as Codec<never>,
    record({
      operationType: orNull(text),
      clusteringPlan: orNull(
        record({
          inputGroups: orNull(
            fc.array(
              record({
                slices: fc.array(
                  record({
                    dataFilePath: orNull(text),
                    deltaFilePaths: orNull(texts),
                    fileId: text,
                    partitionPath: text,
                    bootstrapFilePath: fc.constant(null),
                    version: count,
                  }),
                  { maxLength: 2 },
                ),
                metrics: orNull(by(fc.double({ noNaN: true }))),
                numOutputFileGroups: count,
                extraMetadata: orNull(by(text)),
                version: count,
              }),
              { maxLength: 2 },
            ),
          ),
          strategy: orNull(strategy),
          extraMetadata: orNull(by(text)),
          version: count,
          preserveHoodieMetadata: orNull(fc.boolean()),
          missingSchedulePartitions: orNull(texts),
        }),
      ),
      extraMetadata: orNull(by(text)),
      version: count,
    }),
  ],
};

describe.each(Object.entries(BODIES))("a %s", (_, [codec, values]) => {
  it("is read back as it was written", async () => {
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        expect(await codec.decode(await codec.encode(value as never), "f")).toEqual(value);
      }),
    );
  });

  it("is refused by its file's name when it is another record, or none", async () => {
    const other = avsc.Type.forSchema({ type: "record", name: "Other", fields: [] });
    for (const bytes of [await encodeContainer(other, {}), Buffer.alloc(0), Buffer.from("{}")]) {
      await expect(codec.decode(bytes, "/lake/t/.hoodie/1.x")).rejects.toMatchObject({
        code: "HUDI_TIMELINE_CORRUPT",
        message: expect.stringContaining("/lake/t/.hoodie/1.x"),
      });
    }
  });
});

it("takes what a plan's writer leaves out or adds", async () => {
  const older = avsc.Type.forSchema({
    type: "record",
    name: "HoodieRestorePlan",
    namespace: "org.apache.hudi.avro.model",
    fields: [{ name: "owner", type: { type: "string", "avro.java.string": "String" } as avsc.Schema }],
  });
  expect(await restorePlan.decode(await encodeContainer(older, { owner: "me" }), "f")).toEqual({
    instantsToRollback: [],
    version: 2,
    savepointToRestoreTimestamp: null,
  });
});

it("has plans that a caller can leave the rare fields out of", async () => {
  const compaction: CompactionPlan = { operations: [], version: 2 };
  expect(await compactionPlan.decode(await compactionPlan.encode(compaction), "f")).toMatchObject(compaction);
  const replace: RequestedReplace = { operationType: "DELETE_PARTITION", clusteringPlan: null };
  expect(await requestedReplace.decode(await requestedReplace.encode(replace), "f")).toMatchObject(replace);
  const savepoint: SavepointMetadata = {
    savepointedBy: "",
    savepointedAt: 0,
    comments: "",
    partitionMetadata: {},
  };
  expect(await savepointMetadata.decode(await savepointMetadata.encode(savepoint), "f")).toMatchObject(
    savepoint,
  );
});

it("archives every one of them", () => {
  const entry = {
    commitTime: "1",
    actionType: "replacecommit",
    actionState: "COMPLETED",
    hoodieCommitMetadata: { partitionToWriteStats: { p: [{ fileId: "a" }] } },
    hoodieReplaceCommitMetadata: {
      partitionToWriteStats: { p: [{ fileId: "a", logFiles: [".a"] }] },
      partitionToReplaceFileIds: { p: ["b"] },
    },
  };
  expect(ARCHIVED_ENTRY.fromBuffer(ARCHIVED_ENTRY.toBuffer(entry))).toMatchObject(entry);
});
