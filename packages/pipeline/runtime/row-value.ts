import { type DuckDBValue, DuckDBDecimalValue, DuckDBTimestampTZValue } from "@duckdb/node-api";
import type { Value } from "../ports.ts";

/** A DuckDB value as it leaves the pipeline (see `Value` in ports.ts). */
export function rowValue(value: DuckDBValue): Value {
  if (value === null) return null;
  switch (typeof value) {
    case "boolean":
    case "number":
    case "string":
      return value;
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
    default:
      if (value instanceof DuckDBTimestampTZValue) return instantText(value);
      if (value instanceof DuckDBDecimalValue) return value.toString();
      return String(value);
  }
}

/** From the year 0 to 9999: RFC 3339 has no others, and infinity is none. */
const FIRST_MICROS = -62_167_219_200_000_000n;
const END_MICROS = 253_402_300_800_000_000n;

/** RFC 3339 in UTC, with only the fraction that is there. */
function instantText(value: DuckDBTimestampTZValue): string {
  const { micros } = value;
  if (micros < FIRST_MICROS || micros >= END_MICROS) return String(value);
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, 19);
  if (fraction === 0n) return `${seconds}Z`;
  const digits = String(fraction).padStart(6, "0");
  return `${seconds}.${digits.endsWith("000") ? digits.slice(0, 3) : digits}Z`;
}
