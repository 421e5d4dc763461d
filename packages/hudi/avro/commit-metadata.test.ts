import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { CommitMetadata } from "../timeline/commit-metadata.ts";
import { CLEAN_METADATA } from "./clean.ts";
import { decodeCommitAvro, encodeCommitAvro } from "./commit-metadata.ts";
import { encodeContainer } from "./container.ts";

const count = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 1 });
// a map read by avsc can't have this key
const text = fc.string({ unit: "grapheme", maxLength: 20 }).filter((one) => one !== "__proto__");
const ids = fc.dictionary(text, fc.array(text, { maxLength: 3 }), { noNullPrototype: true });
const stat = fc.record(
  {
    fileId: text,
    path: text,
    prevCommit: text,
    prevBaseFile: fc.option(text),
    partitionPath: text,
    numWrites: count,
    numInserts: count,
    numUpdateWrites: count,
    numDeletes: count,
    totalWriteBytes: count,
    fileSizeInBytes: count,
    totalWriteErrors: count,
    logVersion: fc.integer({ min: 1, max: 9 }),
    logOffset: count,
    baseFile: text,
    logFiles: fc.array(text, { maxLength: 3 }),
  },
  {
    noNullPrototype: true,
    requiredKeys: [
      "fileId",
      "path",
      "prevCommit",
      "prevBaseFile",
      "partitionPath",
      "numWrites",
      "numInserts",
      "numUpdateWrites",
      "numDeletes",
      "totalWriteBytes",
      "fileSizeInBytes",
      "totalWriteErrors",
    ],
  },
);
const metadata = fc.record(
  {
    partitionToWriteStats: fc.dictionary(text, fc.array(stat, { maxLength: 3 }), { noNullPrototype: true }),
    compacted: fc.boolean(),
    extraMetadata: fc.dictionary(text, text, { noNullPrototype: true }),
    operationType: fc.constantFrom("UPSERT", "INSERT_OVERWRITE", "CLUSTER"),
    partitionToReplaceFileIds: ids,
  },
  {
    noNullPrototype: true,
    requiredKeys: ["partitionToWriteStats", "compacted", "extraMetadata", "operationType"],
  },
);

it("reads back what it wrote", async () => {
  await fc.assert(
    fc.asyncProperty(metadata, async (one) => {
      expect(await decodeCommitAvro(await encodeCommitAvro(one as CommitMetadata), "f")).toEqual(one);
    }),
  );
});

it.each([
  ["half a file", async () => (await encodeCommitAvro(nothing)).subarray(0, 40)],
  ["an empty file", async () => Buffer.alloc(0)],
  ["layout 1's JSON", async () => Buffer.from('{"partitionToWriteStats":{}}')],
  ["the body of a clean", async () => encodeContainer(CLEAN_METADATA, cleaned)],
])("refuses %s by name", async (_, bytes) => {
  await expect(decodeCommitAvro(await bytes(), "/lake/t/1_2.commit")).rejects.toMatchObject({
    code: "HUDI_TIMELINE_CORRUPT",
    message: expect.stringContaining("/lake/t/1_2.commit"),
  });
});

const nothing: CommitMetadata = {
  partitionToWriteStats: {},
  compacted: false,
  extraMetadata: {},
  operationType: "UPSERT",
};
const cleaned = {
  startCleanTime: "20260101000000000",
  timeTakenInMillis: 1,
  totalFilesDeleted: 0,
  earliestCommitToRetain: "20260101000000000",
  partitionMetadata: {},
};
