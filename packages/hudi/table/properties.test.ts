import * as fc from "fast-check";
import { expect, it } from "vitest";
import { formatProperties, parseProperties } from "./properties.ts";

it("reads back what it writes", () => {
  const key = fc.stringMatching(/^[a-z][a-z.]{0,20}$/);
  const value = fc.string({ unit: "binary" }).map((text) => text.trimStart());
  fc.assert(
    fc.property(fc.dictionary(key, value), (entries) => {
      const properties = new Map(Object.entries(entries));
      expect(parseProperties(formatProperties(properties, "comment"))).toEqual(properties);
    }),
  );
});

it("reads what Java writes: escaped separators, comments, Unicode", () => {
  const text =
    '#Updated\n#Fri Jan 02 03:04:05 UTC 2026\nschema={"type"\\:"record"}\nname = Z\\u00fcrich\r\n! old\nempty=\n';
  expect([...parseProperties(text)]).toEqual([
    ["schema", '{"type":"record"}'],
    ["name", "Zürich"],
    ["empty", ""],
  ]);
});
