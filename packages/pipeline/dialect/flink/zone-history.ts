// How far the clocks of a time zone stand from UTC, and since when they do not change any more: what most zones allow
// is plain arithmetic, and only what needs the history asks Flink for it, row by row.

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Clocks are not changed for less than this; one sample in each finds every change. */
const SAMPLE_MS = 13 * DAY_MS;
/** Instants that a topic can carry: RFC 3339 of the years 1970 to 2199, with offsets up to a day. */
const FROM_MS = Date.UTC(1969, 11, 30);
const UP_TO_MS = Date.UTC(2200, 0, 3);
/** A zone whose clocks still change this late changes them for ever. */
const FOR_EVER_MS = Date.UTC(2100, 0, 1);

export interface ZoneHistory {
  /** IANA name. */
  readonly timeZone: string;
  /** Every distance from UTC in minutes, ahead is positive; null for one that is no whole minute. */
  readonly offsets: readonly (number | null)[];
  /** Since `fromMs` (null: always) the clocks stand `minutes` ahead; null where they change for ever. */
  readonly settled: { readonly fromMs: number | null; readonly minutes: number } | null;
}

const histories = new Map<string, ZoneHistory>();

/** @throws RangeError where there is no such zone */
export function zoneHistory(timeZone: string): ZoneHistory {
  const known = histories.get(timeZone);
  if (known) return known;
  const offsetAt = offsetReader(timeZone);
  const offsets = new Set<number | null>([offsetAt(FROM_MS)]);
  let last = offsetAt(FROM_MS);
  let changedMs: number | null = null;
  for (let ms = FROM_MS + SAMPLE_MS; ms < UP_TO_MS; ms += SAMPLE_MS) {
    const offset = offsetAt(ms);
    if (offset !== last) changedMs = ms;
    offsets.add(offset);
    last = offset;
  }
  const settled =
    last !== null && (changedMs ?? 0) < FOR_EVER_MS ? { fromMs: changedMs, minutes: last } : null;
  const history = { timeZone, offsets: [...offsets], settled };
  histories.set(timeZone, history);
  return history;
}

function offsetReader(timeZone: string): (ms: number) => number | null {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  return (ms) => {
    const name = format.formatToParts(ms).find((part) => part.type === "timeZoneName")?.value ?? "";
    const [, sign, hours, minutes, seconds] = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name) ?? [];
    if (seconds !== undefined && seconds !== "00") return null;
    if (sign === undefined) return 0;
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
}
