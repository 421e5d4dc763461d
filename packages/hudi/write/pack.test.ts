import * as fc from "fast-check";
import { expect, it } from "vitest";
import { pack, type PackingGroup } from "./pack.ts";

const sizing = { maxFileBytes: 1_000_000, smallFileBytes: 400_000, maxAmplification: 8 };
const group = (name: string, sizeBytes: number, touched = false): PackingGroup<string> => ({
  group: name,
  sizeBytes,
  touched,
});

it("puts every row somewhere, overfills no file, and rewrites no more than its bound", () => {
  const groups = fc.array(
    fc.record({ sizeBytes: fc.integer({ min: 0, max: 1_500_000 }), touched: fc.boolean() }),
    { maxLength: 10 },
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 1, max: 200 }),
      groups,
      (rows, bytesPerRow, given) => {
        const named = given.map((one, i) => group(`g${i}`, one.sizeBytes, one.touched));
        const packed = pack(rows, bytesPerRow, named, sizing);
        expect(packed.reduce((total, one) => total + one.rows, 0)).toBe(rows);
        for (const { group: name, rows: taken } of packed) {
          const into = named.find((one) => one.group === name);
          expect(taken).toBeGreaterThan(0);
          expect((into?.sizeBytes ?? 0) + taken * bytesPerRow).toBeLessThanOrEqual(
            sizing.maxFileBytes + bytesPerRow,
          );
          if (into && !into.touched) {
            expect(into.sizeBytes).toBeLessThanOrEqual(
              Math.max(256 * 1024, rows * bytesPerRow * sizing.maxAmplification),
            );
          }
        }
      },
    ),
  );
});

it("fills files that are rewritten anyway first, then the fullest small one, then a new one", () => {
  const groups = [
    group("small", 100_000),
    group("smaller", 50_000),
    group("touched", 900_000, true),
    group("large", 500_000),
  ];
  expect(pack(20_000, 100, groups, sizing)).toEqual([
    { group: "touched", rows: 1_000 },
    { group: "small", rows: 9_000 },
    { group: "smaller", rows: 9_500 },
    { group: null, rows: 500 },
  ]);
});

it("leaves a file alone that is much larger than what comes in", () => {
  expect(pack(10, 100, [group("g", 300_000)], sizing)).toEqual([{ group: null, rows: 10 }]);
  expect(pack(1_000, 100, [group("g", 300_000)], sizing)).toEqual([{ group: "g", rows: 1_000 }]);
});

it("shares what needs several new files out evenly", () => {
  expect(pack(25_000, 100, [], sizing)).toEqual([
    { group: null, rows: 8_334 },
    { group: null, rows: 8_333 },
    { group: null, rows: 8_333 },
  ]);
});
