import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_NESTING, toJsonLines } from "./json-lines.ts";

const cut = (text: string) => toJsonLines(Buffer.from(text)).toString();
const code = (text: string) => {
  try {
    return cut(text);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

const nested = (depth: number) => `[${"[".repeat(depth)}${"]".repeat(depth)}]`;

describe("a JSON body becomes one line an element", () => {
  test("means what JSON.parse says, whatever the elements and the spacing", () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 5 }), { minLength: 1 }),
        fc.nat(3),
        (elements, indent) => {
          const lines = cut(JSON.stringify(elements, null, indent)).split("\n");
          expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(elements)));
        },
      ),
    );
  });

  test("any text that JSON.parse takes as an array is cut into as many lines, any other is refused or keeps a bad line", () => {
    const soup = fc.array(
      fc.constantFrom("[", "]", "{", "}", ",", ":", '"', "\\", "1", "\n", " ", '"a"', "\r", "\t"),
      {
        maxLength: 24,
      },
    );
    fc.assert(
      fc.property(soup, (parts) => {
        const text = `[${parts.join("")}]`;
        const lines = code(text);
        let parsed: unknown[] | undefined;
        try {
          parsed = JSON.parse(text) as unknown[];
        } catch {
          parsed = undefined;
        }
        if (parsed !== undefined) {
          expect(lines === "" ? [] : lines.split("\n").map((line) => JSON.parse(line))).toEqual(parsed);
        } else if (!lines.startsWith("INGEST_")) {
          const every = lines.split("\n").every((line) => {
            try {
              JSON.parse(line);
              return true;
            } catch {
              return false;
            }
          });
          expect(every).toBe(false);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ["an object is one line", '{"a":\n[1,\n2]}', '{"a": [1, 2]}'],
    ["space around", " \r\n[ 1 , 2 ]\t\n", "1 \n 2 "],
    ["an empty array is no line", "[ ]", ""],
    ["commas and brackets in strings stay", '["a,]b",{"k\\"]":"}"}]', '"a,]b"\n{"k\\"]":"}"}'],
  ])("%s", (_, body, lines) => expect(cut(body)).toBe(lines));

  test.each([
    "[1,2",
    "[1,",
    "[1,]",
    "[,1]",
    "[1,,2]",
    "[",
    "[1]]",
    "[1] 2",
    "[{]}",
    '["a]',
    '["a\\',
    "{",
    '{"a":1}}',
    "7",
    '"x"',
    "nul",
    '["a\nb"]',
    '["a\\\nb"]',
    '{"a":1},{"a":2}',
    "[}",
  ])("refuses %j", (body) => expect(code(body)).toBe("INGEST_ARRAY_MALFORMED"));

  test("nesting has a bound", () => {
    expect(code(nested(MAX_NESTING))).toBe(nested(MAX_NESTING).slice(1, -1));
    expect(code(nested(MAX_NESTING + 1))).toBe("INGEST_NESTING_TOO_DEEP");
    expect(code("[".repeat(8_000_000))).toBe("INGEST_NESTING_TOO_DEEP");
  });
});
