const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * A JSON number as units of 10^-scale, rounded half away from zero, exact in every digit; `null` when `text` is
 * not a JSON number or the rounded value needs more than `precision` digits.
 * @example decimalUnits("154.6", { precision: 12, scale: 3 }) // → 154600n
 * @example decimalUnits("-0.0005", { precision: 12, scale: 3 }) // → -1n
 */
export function decimalUnits(text: string, type: { precision: number; scale: number }): bigint | null {
  const match = NUMBER.exec(text);
  if (match === null) return null;
  const integer = match[2] as string;
  const written = integer + (match[3] ?? "");
  const digits = written.replace(/^0+/, "");
  if (digits === "") return 0n;
  // the value is 0.d1d2d3… × 10^magnitude; an absurd exponent becomes ±Infinity and still compares rightly
  const magnitude = integer.length - (written.length - digits.length) + Number(match[4] ?? "0");
  const kept = magnitude + type.scale;
  if (kept > type.precision) return null;
  if (kept < 0) return 0n;
  const whole = BigInt(digits.slice(0, kept).padEnd(kept, "0") || "0");
  const units = (digits[kept] ?? "0") >= "5" ? whole + 1n : whole;
  if (units >= 10n ** BigInt(type.precision)) return null;
  return match[1] === "-" ? -units : units;
}
