import { GridlakeError } from "@gridlake/kernel";
import { logFileName, parseLogFileName } from "../file-group/file-name.ts";
import { rollbackBlock } from "../log-file/log-block.ts";
import type { TableState } from "../table/table-state.ts";
import type { Instant } from "../timeline/instant.ts";

/** Ours: a log file of one block, which no task of an engine wrote. */
const WRITE_TOKEN = "0-0-0";

/**
 * Takes back what a write appended to a log file that other writes are in too: by a block behind it, in a log file of its
 * own. Only in layout 1; later, a log file is of one write. Done twice it does no harm.
 * @param log relative to the table
 */
export async function takeBack(
  { storage, basePath, view }: TableState,
  { log, rollback, target }: { log: string; rollback: Instant; target: string },
): Promise<void> {
  const slash = log.lastIndexOf("/") + 1;
  const parsed = parseLogFileName(log.slice(slash));
  if (parsed === null) {
    throw new GridlakeError(
      "HUDI_PENDING_ACTION",
      `a rollback of ${target} names ${log}, which is no log file`,
      {
        remedy: "finish the rollback with the engine that planned it",
        details: { basePath, log, target },
      },
    );
  }
  const { fileId, instant } = parsed;
  const group = view.group(log.slice(0, Math.max(0, slash - 1)), fileId);
  const versions = (group?.logs ?? []).filter((one) => one.instant === instant).map((one) => one.version);
  const block = rollbackBlock({ instant: rollback.timestamp, target });
  let version = Math.max(parsed.version, ...versions) + 1;
  const pathOf = () =>
    `${basePath}/${log.slice(0, slash)}${logFileName({ fileId, instant, version, writeToken: WRITE_TOKEN })}`;
  while (!(await storage.createIfAbsent(pathOf(), block))) version += 1;
}
