import type { Row, Value } from "@gridlake/pipeline";
import { assert } from "@gridlake/kernel";

/** A number of a row; DECIMAL and large BIGINT leave the pipeline as text. */
export function numberOf(row: Row, column: string): number {
  const value = nullableNumberOf(row, column);
  assert(value !== null, `${column} is null where the model has none`);
  return value;
}

export function nullableNumberOf(row: Row, column: string): number | null {
  const value = valueOf(row, column);
  if (value === null) return null;
  const number = Number(value);
  assert(!Number.isNaN(number), `${column} is no number: ${String(value)}`);
  return number;
}

export function textOf(row: Row, column: string): string {
  const value = valueOf(row, column);
  assert(value !== null, `${column} is null where the model has none`);
  return String(value);
}

export function nullableTextOf(row: Row, column: string): string | null {
  const value = valueOf(row, column);
  return value === null ? null : String(value);
}

function valueOf(row: Row, column: string): Value {
  const value = row[column];
  assert(value !== undefined, `the query gave no column ${column}`);
  return value;
}
