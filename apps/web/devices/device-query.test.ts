import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changed, deviceQueryOf, locationQueryOf, PAGE_SIZES, SORT_KEYS, type Sort } from "./device-query.ts";

const anyQuery = fc.record({
  page: fc.integer({ min: 1, max: 1_000_000 }),
  pageSize: fc.constantFrom(...PAGE_SIZES),
  q: fc.string({ maxLength: 100 }),
  sort: fc.constantFrom(...SORT_KEYS.flatMap((key): Sort[] => [key, `-${key}`])),
});

describe("the device query", () => {
  it("comes back from the address bar as it went in", () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const written = locationQueryOf(query) as Record<string, string>;
        expect(deviceQueryOf(written)).toEqual(query);
      }),
    );
  });

  it("says nothing of what is the default", () => {
    expect(locationQueryOf(deviceQueryOf({}))).toEqual({});
    expect(locationQueryOf({ page: 2, pageSize: 20, q: "", sort: "device" })).toEqual({ page: "2" });
  });

  it.each([
    [{ page: "-1" }],
    [{ page: "two" }],
    [{ page: "1e9" }],
    [{ pageSize: "1000000" }],
    [{ sort: "password" }],
    [{ sort: "--device" }],
    [{ page: [null] }],
  ])("takes %j as not given", (query) => {
    expect(deviceQueryOf(query)).toEqual(deviceQueryOf({}));
  });

  it("goes back to the first page when what is listed changes", () => {
    const third = deviceQueryOf({ page: "3", q: "mill" });
    expect(changed(third, { q: "dam" })).toMatchObject({ page: 1, q: "dam" });
    expect(changed(third, { page: 4 })).toMatchObject({ page: 4, q: "mill" });
  });
});
