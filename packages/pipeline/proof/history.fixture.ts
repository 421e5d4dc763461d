import * as fc from "fast-check";

/** What arrives between two micro-batches, line by line. */
export interface Arrival {
  readonly facts: readonly FactLine[];
  readonly groups: readonly GroupLine[];
  /** The process ends and starts again before it. */
  readonly restart: boolean;
}

export interface FactLine {
  readonly k: number;
  readonly g: string;
  readonly n: number | null;
  readonly x: number | null;
  readonly s: string | null;
  readonly b: boolean | null;
  /** Null only in a line that is refused. */
  readonly ts: string | null;
  readonly deleted: boolean | null;
  /** The line is refused, and keeps what could be read of it. */
  readonly refused: boolean;
}

export interface GroupLine {
  readonly g: string;
  readonly w: number | null;
  readonly l: string | null;
  readonly deleted: boolean | null;
  readonly refused: boolean;
}

/** Few values, so that rows meet; texts of every column overlap, so that any of them can be joined. */
const TEXTS = ["g0", "g1", "g2", "g3", "a", ""] as const;
/** Around the hour that clocks repeat in Havana (midnight) and Berlin (a week before); same days, other months. */
const INSTANTS = [
  "2024-11-03T03:30:00Z",
  "2024-11-03T04:15:00Z",
  "2024-11-03T05:05:00Z",
  "2024-11-03T05:30:00.25Z",
  "2024-11-03T06:00:00Z",
  "2024-10-27T00:30:00Z",
  "2024-10-27T01:30:00Z",
  "2024-10-27T22:59:59.999999Z",
  "2025-01-01T00:00:00Z",
] as const;

/** Each of these shrinks to its first value; removing and refusing are rare. */
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 4 });
const seldom = (times: number): fc.Arbitrary<boolean> => fc.nat(times - 1).map((n) => n === times - 1);
const text = fc.constantFrom(...TEXTS);

export const factLine: fc.Arbitrary<FactLine> = fc.record({
  k: fc.nat(5),
  g: fc.constantFrom(...TEXTS.slice(0, 4)),
  n: optional(
    fc.oneof(
      { weight: 40, arbitrary: fc.integer({ min: -2, max: 6 }) },
      // three of these are more than a BIGINT holds
      { weight: 1, arbitrary: fc.constantFrom(4e18, -4e18) },
    ),
  ),
  x: optional(fc.integer({ min: -3_500, max: 9_000 }).map((x) => x / 1000)),
  s: optional(text),
  b: optional(fc.boolean()),
  ts: fc.constantFrom(...INSTANTS),
  deleted: seldom(4),
  refused: seldom(20),
});

export const groupLine: fc.Arbitrary<GroupLine> = fc.record({
  g: fc.constantFrom(...TEXTS.slice(0, 4)),
  w: optional(fc.integer({ min: -150, max: 400 }).map((w) => w / 100)),
  l: optional(text),
  deleted: seldom(3),
  refused: seldom(20),
});

const arrival = (
  restart: fc.Arbitrary<boolean>,
  most: { facts: number; groups: number },
): fc.Arbitrary<Arrival> =>
  fc.record({
    facts: fc.array(factLine, { maxLength: most.facts, size: "max" }),
    groups: fc.array(groupLine, { maxLength: most.groups, size: "max" }),
    restart,
  });

/** The first fills the tables, the others change them. */
export const arrivals: fc.Arbitrary<Arrival[]> = fc
  .tuple(
    arrival(fc.constant(false), { facts: 12, groups: 5 }),
    fc.array(arrival(seldom(6), { facts: 4, groups: 2 }), { maxLength: 6, size: "max" }),
  )
  .map(([first, others]) => [first, ...others]);

/** Zones with whole, half and quarter hours, and one whose clocks repeat midnight. */
export const timeZone = fc.constantFrom("UTC", "America/Havana", "Asia/Kathmandu", "Europe/Berlin");
