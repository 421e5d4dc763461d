import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Column } from "../schema/column.ts";
import { sqlName, sqlText } from "../schema/sql-text.ts";
import { useFixture } from "../testing/fixture.ts";
import { ambiguousKeySql, bucketOf, bucketSql, newBucketFileId } from "./bucket.ts";

const fixture = useFixture();

// made by Hudi 1.2's own BucketIdentifier; the recipe is beside it
const vectors = JSON.parse(readFileSync(new URL("vectors/hudi-index.json", import.meta.url), "utf8")) as {
  buckets: { values: string[]; fields: string[]; of256: number; of7: number }[];
};

const keyOf = (values: readonly string[], fields: readonly string[], buckets: number) => {
  const recordKey = values.length === 1 ? ["id"] : ["a", "b", "c"].slice(0, values.length);
  const columns = recordKey.map((name): Column => ({ name, type: "VARCHAR", nullable: false }));
  return { columns, recordKey, index: { kind: "bucket" as const, buckets, fields } };
};

async function ask<T>(values: readonly string[], names: readonly string[], sql: string): Promise<T> {
  const row = values.map((value, i) => `${sqlText(value)} AS ${sqlName(names[i] ?? "")}`).join(", ");
  const [answer] = await fixture.rows(`SELECT ${sql} AS answer FROM (SELECT ${row}) s`);
  return answer?.["answer"] as T;
}

it.each(vectors.buckets)(
  "puts $values by $fields where Hudi puts it",
  async ({ values, fields, ...expected }) => {
    for (const [buckets, bucket] of [
      [256, expected.of256],
      [7, expected.of7],
    ] as const) {
      const key = keyOf(values, fields, buckets);
      expect(await ask(values, key.recordKey, bucketSql(key, "s"))).toBe(bucket);
    }
  },
);

/** String.hashCode and List.hashCode of Java. */
function javaBucket(values: readonly string[], buckets: number): number {
  let list = 1;
  for (const value of values) {
    let hash = 0;
    for (let i = 0; i < value.length; i += 1) hash = (Math.imul(hash, 31) + value.charCodeAt(i)) | 0;
    list = (Math.imul(list, 31) + hash) | 0;
  }
  return (list & 0x7fffffff) % buckets;
}

it("hashes any text as Java does", async () => {
  const text = fc
    .string({ unit: "binary", maxLength: 40 })
    .filter((one) => !one.includes("\0") && !one.startsWith("__"));
  await fc.assert(
    fc.asyncProperty(text, text, fc.integer({ min: 1, max: 1000 }), async (a, b, buckets) => {
      const key = keyOf([a, b], ["a", "b"], buckets);
      expect(await ask([a, b], key.recordKey, bucketSql(key, "s"))).toBe(javaBucket([a, b], buckets));
    }),
  );
});

it.each([
  [["a:b"], true],
  [["a,b"], false],
  [["a:b", "c"], false],
  [["a,b", "c"], true],
])("finds the key %j ambiguous: %s", async (values, expected) => {
  const key = keyOf(values, [], 4);
  expect(await ask(values, key.recordKey, ambiguousKeySql(key, "s"))).toBe(expected);
});

it("names a bucket's file groups by its number", () => {
  const fileId = newBucketFileId(12);
  expect(fileId).toMatch(/^00000012-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-0$/);
  expect(bucketOf(fileId)).toBe(12);
  expect(() => bucketOf("5a1e0f3c-1111-2222-3333-444444444444-0")).toThrow(
    expect.objectContaining({ code: "HUDI_BUCKET_FILE" }),
  );
});
