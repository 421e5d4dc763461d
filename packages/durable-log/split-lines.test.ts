import * as fc from "fast-check";
import { expect, test } from "vitest";
import { splitLines } from "./split-lines.ts";

const text = (lines: readonly Uint8Array[]) => lines.map((line) => Buffer.from(line).toString());

test.each([
  ["", []],
  ["\n", []],
  ['{"a":1}', ['{"a":1}']],
  ['{"a":1}\n', ['{"a":1}']],
  ['{"a":1}\r\n{"b":2}\r\n', ['{"a":1}', '{"b":2}']],
  ['\n \t\r\n{"a":1}\n\n{"b":2}', ['{"a":1}', '{"b":2}']],
  [' {"a":1} ', [' {"a":1} ']],
])("the lines of %j are %j", (body, lines) => {
  expect(text(splitLines(Buffer.from(body)))).toEqual(lines);
});

test("bytes that are no UTF-8 stay as they are", () => {
  expect(splitLines(Uint8Array.of(0xff, 0x0a, 0xfe, 0x00))).toEqual([
    Uint8Array.of(0xff),
    Uint8Array.of(0xfe, 0x00),
  ]);
});

test("put together again, lines that are not blank are the body", () => {
  const line = fc
    .string({ unit: "grapheme", minLength: 1 })
    .filter((one) => /[^\s]/.test(one) && !/[\r\n]/.test(one));
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      expect(text(splitLines(Buffer.from(lines.join("\n"))))).toEqual(lines);
    }),
  );
});

test("a line is a view of the body, and no copy", () => {
  const body = Buffer.from("abc\ndef");
  expect(splitLines(body).map(({ buffer }) => buffer)).toEqual([body.buffer, body.buffer]);
});
