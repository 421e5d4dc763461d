import {
  type DuckDBBlobValue,
  type DuckDBDateValue,
  type DuckDBDecimalValue,
  type DuckDBListValue,
  type DuckDBMapValue,
  type DuckDBStructValue,
  type DuckDBTimestampValue,
  type DuckDBTimeValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import { assert } from "@gridlake/kernel";
import type { DataType } from "../schema/type.ts";

/**
 * A value in JavaScript, exactly: BIGINT is a bigint; DECIMAL its digits, "12.50"; TIMESTAMPTZ "2026-01-31T12:00:00.123456Z",
 * TIMESTAMP the same without Z, DATE "2026-01-31", TIME "12:00:00.123456"; BLOB a Uint8Array; a list an array, a struct an
 * object, a map a Map; the others are number, boolean and string.
 */
export type RowValue =
  | null
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | RowValue[]
  | Map<string, RowValue>
  | { [field: string]: RowValue };

export type Row = Record<string, RowValue>;

const US_PER_MS = 1000n;
const DAY_MS = 86_400_000;

export function rowValue(type: DataType, value: DuckDBValue): RowValue {
  if (value === null) return null;
  switch (type.kind) {
    case "decimal":
      return decimalText(value as DuckDBDecimalValue);
    case "list":
      return (value as DuckDBListValue).items.map((item) => rowValue(type.element, item));
    case "map":
      return new Map(
        (value as DuckDBMapValue).entries.map((entry) => [
          String(entry.key),
          rowValue(type.value, entry.value),
        ]),
      );
    case "struct": {
      const { entries } = value as DuckDBStructValue;
      return Object.fromEntries(
        type.fields.map((field) => [field.name, rowValue(field.type, entries[field.name] ?? null)]),
      );
    }
    case "plain":
      break;
  }
  switch (type.name) {
    case "DATE":
      return new Date((value as DuckDBDateValue).days * DAY_MS).toISOString().slice(0, 10);
    case "TIMESTAMPTZ":
      return `${clockText((value as DuckDBTimestampValue).micros)}Z`;
    case "TIMESTAMP":
      return clockText((value as DuckDBTimestampValue).micros);
    case "TIME":
      return clockText((value as DuckDBTimeValue).micros).slice(11);
    case "BLOB":
      return (value as DuckDBBlobValue).bytes;
    default:
      assert(typeof value !== "object", `a ${type.name} came as an object`);
      return value;
  }
}

/** µs since 1970 → "2026-01-31T12:00:00.123456" */
function clockText(micros: bigint): string {
  const ms = micros / US_PER_MS - (micros % US_PER_MS < 0n ? 1n : 0n);
  const rest = String(micros - ms * US_PER_MS).padStart(3, "0");
  return new Date(Number(ms)).toISOString().replace("Z", rest);
}

function decimalText({ value, scale }: DuckDBDecimalValue): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  return `${value < 0n ? "-" : ""}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ""}`;
}
