import type { FileSlice } from "../file-group/file-slice.ts";
import { LAST_INSTANT } from "../file-group/file-system-view.ts";
import { sqlText } from "../schema/sql-text.ts";
import type { TableState } from "../table/table-state.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { checkNothingLost, type Sight } from "./lost-files.ts";
import { positionOf, type When } from "./position.ts";
import { checkNotCleaned } from "./selection.ts";
import { writtenFiles } from "./written-files.ts";

/** A stretch of a table's history. */
export interface RangeOptions {
  /** Exclusive: writes completed by then are not in it. */
  after: When;
  /** Inclusive. @default the newest */
  upTo?: When;
}

/** The same as completion times, `(after, upTo]`. */
export interface Range {
  after: string;
  upTo: string;
}

/** @throws HUDI_INSTANT */
export function rangeOf(state: TableState, { after, upTo }: RangeOptions): Range {
  return {
    after: positionOf(state, after),
    upTo: upTo === undefined ? LAST_INSTANT : positionOf(state, upTo),
  };
}

/**
 * SQL that is true of rows written in a range. A row has the timestamp of its write, a range is of completion times: in
 * table versions from 8 on writes may complete in another order than they began.
 */
export function writtenInSql(timeline: Timeline, { after, upTo }: Range): string {
  const writes = timeline.writes();
  const isIn = writes.map(({ timestamp, completedAt }) => {
    const completed = completedAt ?? timestamp;
    return completed > after && completed <= upTo;
  });
  const column = "_hoodie_commit_time";
  const within = (from: string, operator: ">" | ">=", to: string) =>
    `${column} ${operator} ${sqlText(from)} AND ${column} <= ${sqlText(to)}`;
  if (writes.every(({ timestamp, completedAt }) => timestamp === completedAt))
    return within(after, ">", upTo);
  const [first] = writes;
  const timestamps = writes.flatMap(({ timestamp }, i) => (isIn[i] ? [timestamp] : []));
  // what is archived is known by its timestamp alone
  const archived = `${column} < ${sqlText(first?.timestamp ?? "")} AND ${within(after, ">", upTo)}`;
  if (timestamps.length === 0) return archived;
  const [from, to] = [isIn.indexOf(true), isIn.lastIndexOf(true)];
  const isOneRun = to - from + 1 === timestamps.length;
  const active = isOneRun
    ? within(timestamps[0] ?? "", ">=", timestamps.at(-1) ?? "")
    : `${column} IN (${timestamps.map(sqlText).join(", ")})`;
  return `((${archived}) OR (${active}))`;
}

/** Whether a slice can hold rows written after a point. */
export function hasRowsAfter(timeline: Timeline, { base, logs }: FileSlice, after: string): boolean {
  const isLater = (instant: string) => (timeline.completionOf(instant) ?? "") > after;
  // up to version 6 a log file may have grown long after the instant in its name
  const namesOwnWrite = timeline.writes().some(({ timestamp, completedAt }) => timestamp !== completedAt);
  return (
    (base !== null && isLater(base.instant)) || logs.some((log) => !namesOwnWrite || isLater(log.instant))
  );
}

/** The slices that writes of a range touched, as they were before it and after it. */
export interface TouchedSlices {
  before: FileSlice[];
  after: FileSlice[];
}

/** @throws HUDI_INSTANT_CLEANED, HUDI_FILE_MISSING */
export async function touchedSlices(
  state: TableState,
  range: Range,
  partitions: readonly string[] | undefined,
): Promise<TouchedSlices> {
  await checkNotCleaned(state, range.after);
  const sight: Sight = { timeline: state.timeline, view: state.view };
  const { timeline, view } = sight;
  const slicesAt = async (asOf: string) => {
    const slices = view.latestSlices(timeline, { asOf });
    await checkNothingLost(state, sight, { slices, asOf });
    return slices;
  };
  const [before, after] = [await slicesAt(range.after), await slicesAt(range.upTo)];
  // the start is retained, so all writes since are on the active timeline
  const writes = timeline.writes().filter(({ timestamp, completedAt }) => {
    const completed = completedAt ?? timestamp;
    return completed > range.after && completed <= range.upTo;
  });
  const touched = new Set<string>();
  for (const files of (await writtenFiles(state, writes)).values()) {
    for (const { fileId } of Object.values(files.partitionToWriteStats).flat()) touched.add(fileId);
    for (const id of Object.values(files.partitionToReplaceFileIds ?? {}).flat()) touched.add(id);
  }
  const folders = partitions && new Set(partitions);
  const isWanted = ({ fileId, partition }: FileSlice) =>
    touched.has(fileId) && (!folders || folders.has(partition));
  return { before: before.filter(isWanted), after: after.filter(isWanted) };
}
