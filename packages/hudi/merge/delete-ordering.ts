import { DuckDBDateValue, DuckDBDecimalValue, DuckDBTimestampValue, DuckDBTimeValue } from "@duckdb/node-api";
import type { OrderingValue } from "../log-file/ordering-value.ts";
import { type Column, typeOf } from "../schema/column.ts";

/** Of Hudi's wrapper for decimals. */
const DECIMAL_DIGITS = { precision: 38, scale: 15 };

/**
 * The ordering value of a deletion as text that casts to the ordering column's type; null: the deletion holds over
 * whatever row was before. That is so without a value, with Hudi's default, the integer 0, and with a value of another
 * kind than the column's: Hudi doesn't compare these.
 * @param unit of the timestamps that come as plain numbers: the raw ones of the table's Avro schema
 */
export function deleteOrdering(
  ordering: OrderingValue | null,
  column: Column,
  unit: "ms" | "us",
): string | null {
  if (ordering === null || (ordering.kind === "int" && ordering.value === 0)) return null;
  if (ordering.kind === "array") {
    const [only = null, ...more] = ordering.value;
    return more.length === 0 ? deleteOrdering(only, column, unit) : null;
  }
  const { kind, value } = ordering;
  const type = typeOf(column);
  if (type.kind === "decimal") {
    const { precision, scale } = DECIMAL_DIGITS;
    return kind === "decimal" ? new DuckDBDecimalValue(value, precision, scale).toString() : null;
  }
  if (type.kind !== "plain") return null;
  switch (type.name) {
    case "INTEGER":
      return kind === "int" ? String(value) : null;
    case "BIGINT":
      return kind === "long" ? String(value) : null;
    case "FLOAT":
      return kind === "float" ? String(value) : null;
    case "DOUBLE":
      return kind === "double" ? String(value) : null;
    case "BOOLEAN":
      return kind === "boolean" ? String(value) : null;
    case "VARCHAR":
      return kind === "string" ? value : null;
    case "DATE":
      return kind === "date" || kind === "int" ? new DuckDBDateValue(value).toString() : null;
    case "TIME":
      return kind === "time" || kind === "long" ? new DuckDBTimeValue(value).toString() : null;
    case "TIMESTAMP":
    case "TIMESTAMPTZ": {
      if (kind !== "timestamp" && kind !== "long") return null;
      const micros = kind === "long" && unit === "ms" ? value * 1000n : value;
      return `${new DuckDBTimestampValue(micros).toString()}${type.name === "TIMESTAMPTZ" ? "+00" : ""}`;
    }
    case "BLOB":
      return null;
  }
}
