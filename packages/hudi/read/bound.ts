/** A value that files' bounds are compared with: a number by its unscaled value, a text by its bytes in UTF-8. */
export type Bound =
  | { kind: "number"; value: bigint; scale: number }
  | { kind: "float"; value: number }
  | { kind: "text"; value: Buffer };

const DAY_MS = 86_400_000;

/** Negative when a is less; null when they can't be compared. */
export function compareBounds(a: Bound, b: Bound): number | null {
  if (a.kind === "text") return b.kind === "text" ? Buffer.compare(a.value, b.value) : null;
  if (a.kind === "float") return b.kind === "float" ? Math.sign(a.value - b.value) : null;
  if (b.kind !== "number") return null;
  const scale = Math.max(a.scale, b.scale);
  const [left, right] = [a, b].map((one) => one.value * 10n ** BigInt(scale - one.scale));
  return left === right ? 0 : (left ?? 0n) < (right ?? 0n) ? -1 : 1;
}

export function textBound(text: string): Bound {
  return { kind: "text", value: Buffer.from(text) };
}

/** "12.50" → 1250 of scale 2 */
export function decimalBound(text: string): Bound & { kind: "number" } {
  const [whole = "0", fraction = ""] = text.replace("+", "").split(".");
  return { kind: "number", value: BigInt(whole + fraction), scale: fraction.length };
}

/** Days since 1970, as Parquet has a DATE; null when it is no day of the calendar. */
export function dateBound(day: string): Bound | null {
  const ms = Date.parse(`${day}T00:00:00Z`);
  const isDay = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
  return isDay ? { kind: "number", value: BigInt(ms / DAY_MS), scale: 0 } : null;
}

/** µs since 1970, of a text with its offset. */
export function instantBound(text: string): Bound | null {
  const match =
    /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2})?(?:\.(\d{1,6}))?(Z|[+-]\d{2}(?::?\d{2})?)$/i.exec(text);
  if (!match) return null;
  const [, day, clock, seconds = ":00", fraction = "", offset = "Z"] = match;
  const zone = offset.length === 3 ? `${offset}:00` : offset.replace(/^(.\d{2})(\d{2})$/, "$1:$2");
  const ms = Date.parse(`${day}T${clock}${seconds}${zone}`);
  return Number.isNaN(ms)
    ? null
    : { kind: "number", value: BigInt(ms) * 1000n + BigInt(fraction.padEnd(6, "0")), scale: 0 };
}
