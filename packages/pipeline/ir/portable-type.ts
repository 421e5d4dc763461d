import type { FieldType } from "@gridlake/contracts";

/**
 * The types a model's columns and expressions may have, the same names in every dialect.
 * INTERVAL is no type of a value: a shift of an instant carries its milliseconds itself.
 */
export type PortableType = FieldType;

export interface DecimalShape {
  /** Digits in all, 1 to 38. */
  width: number;
  /** Digits behind the point, 0 to `width`. */
  scale: number;
}

export const DECIMAL_MAX_WIDTH = 38;
/** A BIGINT among decimals counts as DECIMAL(19,0). */
export const BIGINT_DIGITS = 19;

/** The shape of a DECIMAL, null for every other type. */
export function decimalShape(type: PortableType): DecimalShape | null {
  const match = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  return match ? { width: Number(match[1]), scale: Number(match[2]) } : null;
}

export function decimalType(shape: DecimalShape): PortableType {
  return `DECIMAL(${shape.width},${shape.scale})`;
}

export function isDecimal(type: PortableType): boolean {
  return type.startsWith("DECIMAL");
}

/** BIGINT or DECIMAL: sums of them don't depend on the order. */
export function isExactNumeric(type: PortableType): boolean {
  return type === "BIGINT" || isDecimal(type);
}

export function isNumeric(type: PortableType): boolean {
  return type === "DOUBLE" || isExactNumeric(type);
}

/** The types a key column may have; others compare or print differently between engines. */
export const KEY_TYPES: readonly PortableType[] = ["VARCHAR", "BIGINT", "TIMESTAMPTZ"];
