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
      if (value instanceof DuckDBTimestampTZValue) return instantText(value.micros);
      if (value instanceof DuckDBDecimalValue) return value.toString();
      return String(value);
  }
}

/** Microseconds since the epoch as RFC 3339 in UTC, with only the fraction that is there. */
function instantText(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, 19);
  if (fraction === 0n) return `${seconds}Z`;
  const digits = String(fraction).padStart(6, "0");
  return `${seconds}.${digits.endsWith("000") ? digits.slice(0, 3) : digits}Z`;
}
