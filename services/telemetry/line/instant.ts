const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d{1,6})?(?:Z|[+-](\d{2}):(\d{2}))$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** The years, as written, that an instant may lie in; both included. */
export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2199;

/**
 * Whether `text` is `YYYY-MM-DDThh:mm:ss[.fraction of 1 to 6 digits](Z|±hh:mm)` with a date that the calendar has.
 * Narrower than RFC 3339: `T` and `Z` in capitals, no leap second (no second 60), the year from 1970 to 2199.
 */
export function isInstant(text: string): boolean {
  const match = RFC_3339.exec(text);
  if (match === null) return false;
  const [year, month, day, hour, minute, second, offsetHour, offsetMinute] = match
    .slice(1)
    .map((part) => Number(part ?? "0")) as [number, number, number, number, number, number, number, number];
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lastDay = month === 2 && leap ? 29 : (DAYS[month - 1] as number);
  return (
    day <= lastDay && hour <= 23 && minute <= 59 && second <= 59 && offsetHour <= 23 && offsetMinute <= 59
  );
}
