import { describe, expect, it } from "vitest";
import { checkWritableIndex, indexOf, indexProperties, type TableIndex } from "./index-kind.ts";

const properties = (entries: Record<string, string>) => new Map(Object.entries(entries));

it.each<TableIndex>([
  { kind: "simple" },
  { kind: "bloom", falsePositiveRate: 0.01 },
  { kind: "bucket", buckets: 16, fields: ["device", "seq"] },
])("reads back %j", (index) => {
  expect(indexOf(properties(indexProperties(index)))).toEqual(index);
});

it("takes the fields of a bucket index that names none to be the record key", () => {
  const found = indexOf(
    properties({
      "hoodie.index.type": "BUCKET",
      "hoodie.bucket.index.num.buckets": "4",
      "hoodie.table.recordkey.fields": "a,b",
    }),
  );
  expect(found).toEqual({ kind: "bucket", buckets: 4, fields: ["a", "b"] });
});

it("refuses a bucket index without a number of buckets", () => {
  expect(() => indexOf(properties({ "hoodie.index.type": "BUCKET" }))).toThrow(
    expect.objectContaining({ code: "HUDI_TABLE_UNSUPPORTED" }),
  );
});

describe("a bucket index can be written", () => {
  const bucket = { "hoodie.index.type": "BUCKET", "hoodie.bucket.index.num.buckets": "4" };
  const check = (more: Record<string, string>, recordKey = ["a", "b"], namesKeys = true) => {
    checkWritableIndex({ properties: properties({ ...bucket, ...more }), recordKey, namesKeys });
  };

  it("if its buckets are the same everywhere and for ever", () => {
    check({});
    check({ "hoodie.index.bucket.engine": "SIMPLE" });
    check({}, ["a"], false);
  });

  it.each([
    ["buckets that split", { "hoodie.index.bucket.engine": "CONSISTENT_HASHING" }, ["a"], false],
    [
      "other numbers in some partitions",
      { "hoodie.bucket.index.partition.expressions": "x,2" },
      ["a"],
      false,
    ],
    ["keys that name their only column", {}, ["a"], true],
  ])("not with %s", (_, more, recordKey, namesKeys) => {
    expect(() => check(more, recordKey, namesKeys)).toThrow(
      expect.objectContaining({ code: "HUDI_TABLE_UNSUPPORTED" }),
    );
  });
});
