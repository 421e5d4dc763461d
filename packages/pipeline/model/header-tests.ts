import type { ModelRule, ModelTest, TestSeverity } from "../ir/model.ts";
import type { HeaderReader } from "./header.ts";

const KINDS =
  "{not_null: [x]}, {unique: key}, {range: {column: x, min: 0}} or {relation: {column: x, to: model.column}}";

/** The header's `tests`. @throws MODEL_HEADER_INVALID */
export function bindTests(reader: HeaderReader, key: readonly string[]): ModelTest[] {
  const given = reader.values.tests ?? [];
  if (!Array.isArray(given)) reader.refuse(["tests"], "it must be a list", `list ${KINDS}`);
  return (given as unknown[]).map((test, index) => bindTest(reader, key, test, ["tests", index]));
}

function bindTest(
  reader: HeaderReader,
  key: readonly string[],
  test: unknown,
  path: (string | number)[],
): ModelTest {
  const { severity, where, ...rules } = fieldsOf(test);
  const [entry, ...others] = Object.entries(rules);
  if (entry === undefined || others.length > 0) return reader.refuse(path, "not a test", `write ${KINDS}`);
  const terms = {
    severity: severityOf(reader, severity, path),
    where: where === undefined ? null : reader.text(where, path, "write a condition on the model's columns"),
  };
  return { ...bindRule(reader, key, entry, path), ...terms };
}

function severityOf(reader: HeaderReader, severity: unknown, path: (string | number)[]): TestSeverity {
  if (severity === undefined || severity === "error") return "error";
  if (severity === "warn") return severity;
  return reader.refuse(path, "no such severity", "write severity: error or severity: warn");
}

function bindRule(
  reader: HeaderReader,
  key: readonly string[],
  [kind, value]: [string, unknown],
  path: (string | number)[],
): ModelRule {
  switch (kind) {
    case "not_null":
      return { kind: "notNull", columns: reader.names(value, path) };
    case "unique":
      return { kind: "unique", columns: value === "key" ? key : reader.names(value, path) };
    case "range":
      return bindRange(reader, fieldsOf(value), path);
    case "relation": {
      const fields = fieldsOf(value);
      const column = reader.text(fields.column, path, "name the column");
      const [model = "", target = "", ...rest] = reader
        .text(fields.to, path, "write to: model.column")
        .split(".");
      if (target === "" || rest.length > 0)
        reader.refuse(path, "`to` names no column", "write to: model.column");
      return { kind: "relation", column, to: { model, column: target } };
    }
    default:
      return reader.refuse(path, `no test is called ${kind}`, `write ${KINDS}`);
  }
}

function bindRange(
  reader: HeaderReader,
  fields: Record<string, unknown>,
  path: (string | number)[],
): ModelRule {
  const bound = (name: "min" | "max"): number | null => {
    const value = fields[name];
    if (value === undefined) return null;
    if (typeof value !== "number") return reader.refuse(path, `${name} is no number`, `write ${name}: 0`);
    return value;
  };
  const [min, max] = [bound("min"), bound("max")];
  if (min === null && max === null) reader.refuse(path, "a range needs a bound", "write min, max or both");
  return { kind: "range", column: reader.text(fields.column, path, "name the column"), min, max };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
