import { decimalShape, type PortableType } from "../../ir/portable-type.ts";

/**
 * Flink's type of a column. An instant is a TIMESTAMP(6) that shows UTC: Hudi 0.14 writes that one as an instant
 * (timestamp-micros), and TIMESTAMP_LTZ as a wall clock (local-timestamp-micros), the other way round than the names say.
 */
export function flinkType(type: PortableType): string {
  if (type === "VARCHAR") return "STRING";
  return type === "TIMESTAMPTZ" ? "TIMESTAMP(6)" : type;
}

/** Flink's type of an expression's value in the middle of a query: a DECIMAL is written as Flink writes it. */
export function decimal(width: number, scale: number): string {
  return `DECIMAL(${width}, ${scale})`;
}

/** Digits before the point that a value of the type can have; null where there is no bound that matters. */
export function wholeDigits(type: PortableType): number | null {
  if (type === "BIGINT") return 19;
  const shape = decimalShape(type);
  return shape === null ? null : shape.width - shape.scale;
}
