import type { LocationQuery, LocationQueryRaw } from "vue-router";

export const PAGE_SIZES = [20, 50, 100] as const;

/** Columns that the platform sorts by, in the order in which the table shows them. */
export const SORT_KEYS = [
  "device",
  "name",
  "feeder",
  "ratedVoltageV",
  "lastReadingAt",
  "activePowerW",
  "voltageV",
  "energyWh",
] as const;
export type SortKey = (typeof SORT_KEYS)[number];
/** With - in front: falling. */
export type Sort = SortKey | `-${SortKey}`;
const SORTS = SORT_KEYS.flatMap((key): Sort[] => [key, `-${key}`]);

/** What of the register is shown. It stands in the address bar, so that it can be sent on and gone back to. */
export interface DeviceQuery {
  /** From 1. */
  page: number;
  pageSize: number;
  q: string;
  sort: Sort;
}

const DEFAULTS: DeviceQuery = { page: 1, pageSize: PAGE_SIZES[0], q: "", sort: "device" };
const MAX_SEARCH_CHARACTERS = 100;

const one = (value: LocationQuery[string] | undefined): string =>
  (Array.isArray(value) ? value[0] : value) ?? "";

/** Reads the address bar; what is not valid there counts as not given. */
export function deviceQueryOf(query: LocationQuery): DeviceQuery {
  const page = Number(one(query["page"]));
  const pageSize = Number(one(query["pageSize"]));
  const sort = one(query["sort"]);
  return {
    page: Number.isInteger(page) && page >= 1 && page <= 1_000_000 ? page : DEFAULTS.page,
    pageSize: PAGE_SIZES.find((size) => size === pageSize) ?? DEFAULTS.pageSize,
    q: one(query["q"]).slice(0, MAX_SEARCH_CHARACTERS),
    sort: SORTS.find((known) => known === sort) ?? DEFAULTS.sort,
  };
}

/** What stands in the address bar for it: only what differs from the default. */
export function locationQueryOf(query: DeviceQuery): LocationQueryRaw {
  return Object.fromEntries(
    Object.entries(query)
      .filter(([key, value]) => value !== DEFAULTS[key as keyof DeviceQuery])
      .map(([key, value]) => [key, String(value)]),
  );
}

/** The query after a change: whatever changes what is listed leads back to the first page. */
export function changed(query: DeviceQuery, change: Partial<DeviceQuery>): DeviceQuery {
  return { ...query, page: 1, ...change };
}
