import { findColumn } from "../table/record-key.ts";
import type { Column } from "../schema/column.ts";
import type { MergeContext } from "./merge-context.ts";

/** Which of two records of a key holds: without a column the later, else the one with the higher value, of equals the later. */
export interface MergeOrder {
  column: Column | null;
}

export function mergeOrderOf({ config, columns }: MergeContext): MergeOrder {
  const { mergeMode, ordering } = config;
  const isByValue = mergeMode === "EVENT_TIME_ORDERING" && ordering !== null;
  return { column: isByValue ? findColumn(columns, ordering) : null };
}

/**
 * Of events `(k, s, d, u, o, b)` the one of each key that holds, as Hudi's readers find it going through them in the order
 * of `s`: an event with a higher or the same order takes the place of the one before, a missing order being the lowest.
 * One that deletes whatever was before (`u`) always does, and whatever row comes then takes its place; until one comes,
 * records of a delete block (`b`) change nothing.
 */
export function winnersSql({ column }: MergeOrder, events: string): string {
  if (column === null) {
    return `SELECT k, max(s) AS s, arg_max(d, s) AS d, true AS u, NULL AS o FROM ${events} GROUP BY k`;
  }
  return `SELECT k, s, d, u, o FROM (
      SELECT *, min(s) FILTER (s > wiped AND NOT b) OVER (PARTITION BY k) AS again FROM (
        SELECT *, max(s) FILTER (u) OVER (PARTITION BY k) AS wiped FROM ${events}
      )
    )
    WHERE wiped IS NULL OR (again IS NULL AND s = wiped) OR s >= again
    QUALIFY row_number() OVER (PARTITION BY k ORDER BY o DESC NULLS LAST, s DESC) = 1`;
}
