import { expect, test } from "vitest";
import { bind } from "./bind.ts";

const literals = {
  quoteIdentifier: (name: string) => `\`${name}\``,
  quoteValue: (value: unknown) => `literal(${JSON.stringify(value)})`,
};

test("values are bound, never written; identifiers and what can't be bound are written", () => {
  const params = ["t", "a'; drop", 1, true, null, undefined, new Date(5), 7n, Buffer.from("x"), [1, 2]];
  expect(bind("?? ? ? ? ? ? ? ? ? ? \\?", params, literals)).toEqual({
    sql: "`t` ? ? ? ? ? ? ? ? literal([1,2]) ?",
    values: ["a'; drop", 1, 1, null, null, 5, 7n, Buffer.from("x")],
  });
  expect(bind("select '?'", [], literals)).toEqual({ sql: "select '?'", values: [] });
});
