import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addToBloomFilter,
  BLOOM_OF_EVERYTHING,
  decodeBloomFilter,
  emptyBloomFilter,
  encodeBloomFilter,
  mayContainAny,
  packKeys as pack,
} from "./bloom-filter.ts";

// made by Hudi 1.2's own classes; the recipe is beside it
const vectors = JSON.parse(readFileSync(new URL("vectors/hudi-index.json", import.meta.url), "utf8")) as {
  keys: Record<string, string[]>;
  asked: string[];
  blooms: { keys: string; typeCode: string; text: string; passed: string[] }[];
};

const packKeys = (keys: string[]) => pack(keys.map((one) => Buffer.from(one)));
const key = fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 });

describe("Hudi's filters", () => {
  it.each(vectors.blooms)("passes what $typeCode of $keys keys passes", ({ text, typeCode, passed }) => {
    const filter = decodeBloomFilter(text, typeCode);
    expect(vectors.asked.filter((one) => filter && mayContainAny(filter, packKeys([one])))).toEqual(passed);
  });

  it.each(vectors.blooms.filter(({ typeCode }) => typeCode === "SIMPLE"))(
    "is written bit for bit as Hudi writes it",
    ({ text, keys }) => {
      const theirs = decodeBloomFilter(text, "SIMPLE");
      const ours = { ...theirs!, rows: [new Uint8Array(theirs!.rows[0]!.length)] };
      addToBloomFilter(ours, packKeys(vectors.keys[keys]!));
      expect(encodeBloomFilter(ours)).toBe(text);
    },
  );
});

describe("our filters", () => {
  it("pass every key that was put in, also after a round trip", () => {
    fc.assert(
      fc.property(
        fc.array(key, { minLength: 1, maxLength: 200 }),
        fc.double({ min: 1e-6, max: 0.5, noNaN: true }),
        (keys, rate) => {
          const filter = emptyBloomFilter({ keys: keys.length, falsePositiveRate: rate });
          const half = Math.floor(keys.length / 2);
          addToBloomFilter(filter, packKeys(keys.slice(0, half)));
          addToBloomFilter(filter, packKeys(keys.slice(half)));
          const read = decodeBloomFilter(encodeBloomFilter(filter), "SIMPLE")!;
          expect(keys.filter((one) => !mayContainAny(read, packKeys([one])))).toEqual([]);
        },
      ),
    );
  });

  it.each([0.1, 0.01, 0.001])("pass about %d of the keys that were not put in", (falsePositiveRate) => {
    const filter = emptyBloomFilter({ keys: 20_000, falsePositiveRate });
    addToBloomFilter(
      filter,
      packKeys(Array.from({ length: 20_000 }, (_, i) => `device:M${i % 97},seq:${i}`)),
    );
    const others = Array.from({ length: 20_000 }, (_, i) =>
      packKeys([`device:M${i % 97},seq:${i + 20_000}`]),
    );
    const passed = others.filter((one) => mayContainAny(filter, one)).length / others.length;
    expect(passed).toBeGreaterThan(falsePositiveRate / 2);
    expect(passed).toBeLessThan(falsePositiveRate * 2);
  });

  it("find one key among many that are not there", () => {
    const filter = emptyBloomFilter({ keys: 1, falsePositiveRate: 1e-6 });
    addToBloomFilter(filter, packKeys(["m7"]));
    const absent = Array.from({ length: 50 }, (_, i) => `x${i}`);
    expect(mayContainAny(filter, packKeys(absent))).toBe(false);
    expect(mayContainAny(filter, packKeys([...absent, "m7"]))).toBe(true);
    expect(mayContainAny(filter, packKeys([]))).toBe(false);
  });

  it("of everything pass everything", () => {
    fc.assert(fc.property(key, (one) => mayContainAny(BLOOM_OF_EVERYTHING, packKeys([one]))));
  });
});

it("tells nothing of a filter with another hash", () => {
  const bytes = Buffer.from(encodeBloomFilter(BLOOM_OF_EVERYTHING), "base64");
  bytes[8] = 0;
  expect(decodeBloomFilter(bytes.toString("base64"), "SIMPLE")).toBeNull();
});

it.each([
  ["nothing", "", "SIMPLE"],
  ["a filter cut short", vectors.blooms[0]!.text.slice(0, 40), "SIMPLE"],
  ["a simple one as a dynamic one", vectors.blooms[0]!.text, "DYNAMIC_V0"],
  ["an unknown type", vectors.blooms[0]!.text, "RIBBON"],
])("refuses %s", (_, text, typeCode) => {
  expect(() => decodeBloomFilter(text, typeCode)).toThrow(
    expect.objectContaining({ code: "HUDI_BLOOM_CORRUPT" }),
  );
});
