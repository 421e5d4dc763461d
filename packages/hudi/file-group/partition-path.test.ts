import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_PARTITION, partitionPath, type PartitionStyle, partitionValues } from "./partition-path.ts";

const STYLE: PartitionStyle = { partitionFields: ["day"], hiveStyle: false, encodePartitions: true };
const encoded = (value: string | null) => partitionPath([value], STYLE);

it("encodes partition values as Hive does", () => {
  expect(encoded("2026-01-31")).toBe("2026-01-31");
  expect(encoded("a/b=c:d")).toBe("a%2Fb%3Dc%3Ad");
  expect(encoded("100%")).toBe("100%25");
  expect(encoded("Zürich 中文")).toBe("Zürich 中文");
  expect(encoded(null)).toBe(DEFAULT_PARTITION);
});

it("has a folder for each column, named for it in hive style", () => {
  const two = { ...STYLE, partitionFields: ["region", "day"] };
  expect(partitionPath(["north", "2026-01-31"], two)).toBe("north/2026-01-31");
  expect(partitionPath(["a/b", null], { ...two, hiveStyle: true })).toBe(
    `region=a%2Fb/day=${DEFAULT_PARTITION}`,
  );
  expect(partitionPath([], { ...STYLE, partitionFields: [] })).toBe("");
});

const value = fc
  .string({ minLength: 1, maxLength: 40, unit: "grapheme" })
  .filter((text) => !text.startsWith("."));
const style = fc
  .record({ columns: fc.integer({ min: 0, max: 3 }), hiveStyle: fc.boolean() })
  .map(({ columns, hiveStyle }) => ({
    ...STYLE,
    hiveStyle,
    partitionFields: ["region", "day", "k"].slice(0, columns),
  }));
const places = style.chain((one) => {
  const { length } = one.partitionFields;
  const values = fc.array(fc.option(value), { minLength: length, maxLength: length });
  return fc.record({ style: fc.constant(one), a: values, b: values });
});

it("gives different values different folders, and each folder its values", () => {
  fc.assert(
    fc.property(places, ({ style: one, a, b }) => {
      const [left, right] = [partitionPath(a, one), partitionPath(b, one)];
      expect(left === right).toBe(JSON.stringify(a) === JSON.stringify(b));
      expect(partitionValues(left, one)).toEqual(a);
      expect(left.split("/").length).toBe(Math.max(1, one.partitionFields.length));
      expect(left).not.toMatch(/\\/);
    }),
  );
});

describe("folders of another kind have no values", () => {
  it.each([
    ["a/b", STYLE],
    ["", STYLE],
    ["a", { ...STYLE, hiveStyle: true }],
    ["region=a", { ...STYLE, hiveStyle: true }],
    ["a", { ...STYLE, partitionFields: [] }],
    ["2026/01/31", { ...STYLE, encodePartitions: false }],
  ])("%j", (path, one) => {
    expect(partitionValues(path, one)).toBeNull();
  });
});

it("leaves a percent sign alone where nothing is encoded", () => {
  expect(partitionValues("a%2Fb", { ...STYLE, encodePartitions: false })).toEqual(["a%2Fb"]);
  expect(partitionValues("a%2Fb%", STYLE)).toEqual(["a/b%"]);
});

it.each(["", ".", "..", ".hoodie", DEFAULT_PARTITION, "x".repeat(256)])(
  "refuses the partition value %j",
  (text) => {
    expect(() => encoded(text)).toThrow(expect.objectContaining({ code: "HUDI_PARTITION_VALUE" }));
  },
);

it("refuses what would need encoding in a table without it", () => {
  const plain = { ...STYLE, encodePartitions: false };
  expect(() => partitionPath(["a/b"], plain)).toThrow(
    expect.objectContaining({ code: "HUDI_PARTITION_VALUE" }),
  );
  expect(partitionPath(["a b"], plain)).toBe("a b");
});
