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

/** A calendar day as the API writes and reads it. */
export function daySchema(description: string) {
  return Type.String({ format: "date", description, examples: ["2013-10-14"] });
}

/** The time zone whose days an answer speaks of. */
export const zoneSchema = Type.String({
  description: "the grid's time zone, in which days begin: an IANA name",
  examples: ["Asia/Shanghai"],
});
