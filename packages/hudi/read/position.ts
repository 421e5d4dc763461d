import { GridlakeError } from "@gridlake/kernel";
import { formatInstant } from "../timeline/instant.ts";
import type { TableState } from "../table/table-state.ts";

/**
 * A point of a table's history: the `timestamp` or `completedAt` of an instant, the beginning of one (`20260131` is that
 * midnight), or a Date, in tables whose timeline is in UTC.
 */
export type When = string | Date;

/** Digits of an instant, up to which a shorter text is filled with zeros. */
const DIGITS = 17;
const TEXT = /^\d{1,17}$/;
const ZONE = "hoodie.table.timeline.timezone";

/**
 * A point as a completion time: writes completed by then are before it. The history of a table is the order in which its
 * writes were completed.
 * @throws HUDI_INSTANT
 */
export function positionOf(
  { timeline, config }: Pick<TableState, "timeline" | "config">,
  when: When,
): string {
  if (when instanceof Date) {
    const zone = config.properties.get(ZONE) ?? "LOCAL";
    if (zone.toUpperCase() !== "UTC") {
      throw invalid("a Date says nothing in a table whose timeline is in its writer's local time", {
        remedy: `give the instant as the timeline spells it, or have the table's writers use ${ZONE}=UTC`,
        when: String(when),
      });
    }
    if (Number.isNaN(when.getTime()))
      throw invalid("the Date is no date", { remedy: REMEDY, when: String(when) });
    return formatInstant(when.getTime());
  }
  if (!TEXT.test(when)) throw invalid(`${JSON.stringify(when)} is no instant`, { remedy: REMEDY, when });
  const instant = timeline.writes().find(({ timestamp }) => timestamp === when);
  return instant?.completedAt ?? when.padEnd(DIGITS, "0");
}

const REMEDY = "give an instant like 20260131120000000, the beginning of one, or a Date";

function invalid(message: string, { remedy, when }: { remedy: string; when: string }): GridlakeError {
  return new GridlakeError("HUDI_INSTANT", message, { remedy, details: { when }, status: 400 });
}
