import { Type } from "typebox";
import { expect, test } from "vitest";
import { withOptionalDefaults } from "./optional-defaults.ts";

test("keys with a default are not asked of the caller, at any depth; nothing else changes", () => {
  const inner = Type.Object({ a: Type.Integer({ default: 1 }), b: Type.String() });
  const schema = Type.Object({
    page: Type.Integer({ default: 0 }),
    either: Type.Union([inner, Type.Null()]),
  });
  const before = JSON.stringify(schema);
  const documented = JSON.parse(JSON.stringify(withOptionalDefaults(schema))) as Record<string, never>;
  expect(documented).toMatchObject({
    required: ["either"],
    properties: { page: { default: 0 }, either: { anyOf: [{ required: ["b"] }, { type: "null" }] } },
  });
  expect(JSON.stringify(schema)).toBe(before);
  expect(withOptionalDefaults(Type.Object({ a: Type.Integer({ default: 1 }) }))).not.toHaveProperty(
    "required",
  );
});
