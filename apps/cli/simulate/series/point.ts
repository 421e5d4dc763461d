/** One sample of a load series. */
export interface SeriesPoint {
  /** When, in ms since the epoch, UTC. A time in the file without an offset is read as UTC. */
  timeMs: number;
  /** Active power in tenths of a watt, a whole number: energy adds up without a fraction lost. */
  powerDw: number;
}

const DAY_AND_TIME = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** Reads `2013-10-01 00:00:00`, RFC 3339, or seconds since the epoch; `null` for anything else. */
export function parseTimeMs(text: string): number | null {
  const trimmed = text.trim();
  const match = DAY_AND_TIME.exec(trimmed);
  if (match === null) return /^\d{9,11}$/.test(trimmed) ? Number(trimmed) * 1000 : null;
  const [, year, month, day, hour, minute, second = "00", offset = "Z"] = match;
  const timeMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  return Number.isNaN(timeMs) ? null : timeMs;
}

/** Tenths of a watt from a text in units of `scaleDw` tenths (10 for W, 10,000 for kW); `null` if it is no number ≥ 0. */
export function parsePowerDw(text: string, scaleDw: number): number | null {
  if (text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? Math.round(value * scaleDw) : null;
}
