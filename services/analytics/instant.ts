import { Type } from "typebox";

/** An instant as the API writes and reads it: RFC 3339, in UTC on the way out. */
export function instantSchema(description: string) {
  return Type.String({ format: "date-time", description, examples: ["2013-10-14T00:00:00Z"] });
}

/** 1381708800000 → "2013-10-14T00:00:00Z"; the fraction is written only where there is one. */
export function instantOf(epochMs: number): string {
  const text = new Date(epochMs).toISOString();
  return epochMs % 1_000 === 0 ? `${text.slice(0, -5)}Z` : text;
}

/** "2013-10-14", the UTC day of an instant. */
export function utcDayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}
