import * as fc from "fast-check";
import { expect, it } from "vitest";
import { packKeys } from "./bloom-filter.ts";
import { SortedKeys } from "./sorted-keys.ts";

const key = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });

it("gives the keys between two bounds, by their UTF-8 bytes, and no others", () => {
  fc.assert(
    fc.property(fc.array(key), fc.option(key), fc.option(key), (keys, least, greatest) => {
      const min = least === null ? null : Buffer.from(least);
      const max = greatest === null ? null : Buffer.from(greatest);
      const expected = keys
        .map((one) => Buffer.from(one))
        .filter((one) => (min === null || one.compare(min) >= 0) && (max === null || one.compare(max) <= 0))
        .sort((a, b) => a.compare(b));
      expect(new SortedKeys(keys).within({ min, max })).toEqual(packKeys(expected));
    }),
  );
});
