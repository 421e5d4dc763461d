import type { TopicField } from "@gridlake/contracts";
import { assert } from "@gridlake/kernel";
import { decimalUnits } from "./decimal.ts";
import { isInstant } from "./instant.ts";

/** What one field makes of a value's JSON source. */
export type FieldVerdict = "ok" | "WRONG_TYPE" | "OUT_OF_RANGE";
export type FieldRule = (source: string) => FieldVerdict;

const INTEGER = /^-?(?:0|[1-9]\d*)$/;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
/** -9223372036854775808: nothing longer is an int64, and a million digits never reach BigInt. */
const INT64_LONGEST = 20;
const QUOTE = 0x22;

/** The rule of a field's type and bounds, made once per topic. A `null` never comes here: it is absence. */
export function fieldRule(field: TopicField): FieldRule {
  switch (field.type) {
    case "VARCHAR":
      return textRule(field);
    case "BIGINT":
      return integerRule(field);
    case "DOUBLE":
      return doubleRule(field);
    case "BOOLEAN":
      return (source) => (source === "true" || source === "false" ? "ok" : "WRONG_TYPE");
    case "TIMESTAMPTZ":
      return (source) => {
        const text = textOf(source);
        return text !== null && isInstant(text) ? "ok" : "WRONG_TYPE";
      };
    default:
      return decimalRule(field);
  }
}

function textOf(source: string): string | null {
  if (source.charCodeAt(0) !== QUOTE) return null;
  return source.includes("\\") ? (JSON.parse(source) as string) : source.slice(1, -1);
}

function textRule(field: TopicField): FieldRule {
  const longest = field.maxLength ?? Number.POSITIVE_INFINITY;
  const values = field.values === undefined ? null : new Set(field.values);
  return (source) => {
    const text = textOf(source);
    if (text === null || (field.required && text === "")) return "WRONG_TYPE";
    if (values !== null && !values.has(text)) return "OUT_OF_RANGE";
    // a character takes one or two UTF-16 units, so the exact count is needed only between the two
    if (text.length <= longest) return "ok";
    return text.length > 2 * longest || characters(text) > longest ? "OUT_OF_RANGE" : "ok";
  };
}

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function integerRule(field: TopicField): FieldRule {
  const step = BigInt(field.multipleOf ?? 1);
  return (source) => {
    if (source.length > INT64_LONGEST || !INTEGER.test(source)) return "WRONG_TYPE";
    const value = BigInt(source);
    if (value < INT64_MIN || value > INT64_MAX) return "WRONG_TYPE";
    return within(value, field) && value % step === 0n ? "ok" : "OUT_OF_RANGE";
  };
}

function doubleRule(field: TopicField): FieldRule {
  return (source) => {
    const first = source.charCodeAt(0);
    if (first !== 0x2d && (first < 0x30 || first > 0x39)) return "WRONG_TYPE";
    const value = Number(source);
    if (!Number.isFinite(value)) return "WRONG_TYPE";
    return within(value, field) ? "ok" : "OUT_OF_RANGE";
  };
}

function decimalRule(field: TopicField): FieldRule {
  const match = /^DECIMAL\((\d+),(\d+)\)$/.exec(field.type);
  assert(match !== null, `${field.name} has the type ${field.type}, which no rule knows`);
  const type = { precision: Number(match[1]), scale: Number(match[2]) };
  const bound = (value: number | undefined) =>
    value === undefined ? undefined : decimalUnits(String(value), { precision: 38, scale: type.scale });
  const min = bound(field.min);
  const max = bound(field.max);
  assert(min !== null && max !== null, `the bounds of ${field.name} must be written without loss`);
  return (source) => {
    const units = decimalUnits(source, type);
    if (units === null) return "WRONG_TYPE";
    return (min === undefined || units >= min) && (max === undefined || units <= max) ? "ok" : "OUT_OF_RANGE";
  };
}

function within(value: bigint | number, field: TopicField): boolean {
  return (field.min === undefined || value >= field.min) && (field.max === undefined || value <= field.max);
}
