import type { Topic, TopicField } from "@gridlake/contracts";
import type { Refusal } from "./validator.ts";

/**
 * The rules of docs/reference/ingest.md once more, written for plainness and not for speed: the oracle that the
 * property test holds the validator to. It cannot see doubled keys, for `JSON.parse` keeps the last.
 */
export function naiveRefusal(topic: Topic, line: string, scope: readonly string[] | null): Refusal | null {
  let object: Record<string, unknown>;
  const sources: Record<string, string> = {};
  try {
    object = JSON.parse(line) as Record<string, unknown>;
    if (object === null || typeof object !== "object" || Array.isArray(object))
      return { reason: "MALFORMED_JSON" };
    JSON.parse(line, function keep(this: object, key, value: unknown, context?: { source?: string }) {
      // the line itself is the only object with the required field "i"
      if (context?.source !== undefined && Object.hasOwn(object, key) && Object.hasOwn(this, "i")) {
        sources[key] = context.source;
      }
      return value;
    });
  } catch {
    return { reason: "MALFORMED_JSON" };
  }
  for (const field of topic.fields) {
    if (field.required && (object[field.name] ?? null) === null)
      return { reason: "MISSING_FIELD", field: field.name };
  }
  const present = topic.fields.filter((field) => (object[field.name] ?? null) !== null);
  for (const field of present) {
    if (valueOf(field, object[field.name], sources[field.name]) === null)
      return { reason: "WRONG_TYPE", field: field.name };
  }
  for (const field of present) {
    const value = valueOf(field, object[field.name], sources[field.name]);
    const tooLong = typeof value === "string" && [...value].length > (field.maxLength ?? Infinity);
    const outside =
      typeof value === "number" && (value < (field.min ?? -Infinity) || value > (field.max ?? Infinity));
    const unlisted = typeof value === "string" && field.values !== undefined && !field.values.includes(value);
    const between =
      typeof value === "number" && field.multipleOf !== undefined && value % field.multipleOf !== 0;
    if (tooLong || outside || unlisted || between) return { reason: "OUT_OF_RANGE", field: field.name };
  }
  const own = topic.scopeField === undefined ? undefined : object[topic.scopeField];
  if (scope !== null && topic.scopeField !== undefined && !scope.includes(own as string)) {
    return { reason: "NOT_IN_SCOPE", field: topic.scopeField };
  }
  return null;
}

/** The value where the type takes it, else `null`; the numbers of the test are small enough for a double. */
function valueOf(
  field: TopicField,
  value: unknown,
  source: string | undefined,
): string | number | boolean | null {
  if (field.type === "VARCHAR")
    return typeof value === "string" && !(field.required && value === "") ? value : null;
  if (field.type === "BOOLEAN") return typeof value === "boolean" ? value : null;
  if (field.type === "TIMESTAMPTZ") return typeof value === "string" && isDate(value) ? value : null;
  if (typeof value !== "number" || source === undefined) return null;
  if (field.type === "DOUBLE") return value;
  if (field.type === "BIGINT") return /[.eE]/.test(source) ? null : value;
  const rounded = roundedInLongHand(source, 2);
  return Math.abs(rounded) < 10_000 ? rounded : null;
}

/** Rounds by writing all digits out, then looking at the first that falls away. */
function roundedInLongHand(source: string, scale: number): number {
  const [mantissa = "", exponent = "0"] = source.replace(/^-/, "").toLowerCase().split("e");
  const [integer = "", fraction = ""] = mantissa.split(".");
  const shift = Number(exponent);
  const zeros = "0".repeat(40);
  const all = zeros + integer + fraction + zeros;
  const point = zeros.length + integer.length + shift;
  const kept = BigInt(all.slice(0, point + scale)) + (Number(all[point + scale]) >= 5 ? 1n : 0n);
  return (Number(kept) / 10 ** scale) * (source.startsWith("-") ? -1 : 1);
}

function isDate(text: string): boolean {
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (form === null) return false;
  const local = new Date(`${text.slice(0, 19)}Z`);
  const [hours, minutes] = text.endsWith("Z") ? [0, 0] : [Number(text.slice(-5, -3)), Number(text.slice(-2))];
  return (
    !Number.isNaN(local.getTime()) &&
    // a day that the calendar does not have rolls over, and then reads differently
    local.toISOString().startsWith(text.slice(0, 19)) &&
    local.getUTCFullYear() >= 1970 &&
    local.getUTCFullYear() <= 2199 &&
    hours <= 23 &&
    minutes <= 59
  );
}
