import { rollbackMetadata } from "../../avro/rollback.ts";
import type { LogFile } from "../../file-group/file-slice.ts";
import { FileSystemView } from "../../file-group/file-system-view.ts";
import { BLOCK_HEADER, isRollback } from "../../log-file/log-block.ts";
import { openLog } from "../../log-file/log-source.ts";
import { scanLog } from "../../log-file/scan.ts";
import type { TableState } from "../../table/table-state.ts";
import type { Instant } from "../../timeline/instant.ts";
import { takeBack } from "../take-back.ts";

// Whatever is older than the active timeline counts as committed. So what a rolled back write has left, because the rollback
// of its engine had not found it, would come alive when the timeline begins after it.

/** Takes away what the rolled back writes have left whose rollbacks are about to leave the active timeline. */
export async function finishRollbacks(state: TableState, instants: readonly Instant[]): Promise<void> {
  const rollbacks = new Map<string, Instant>();
  for (const rollback of instants.filter(({ action }) => action === "rollback")) {
    const bytes = await state.bytesOf(rollback);
    const { commitsRollback } = await rollbackMetadata.decode(bytes, state.instantPath(rollback));
    for (const timestamp of commitsRollback) rollbacks.set(timestamp, rollback);
  }
  if (rollbacks.size === 0) return;
  const isLayout1 = state.config.layout.version === 1;
  let found = 0;
  for (const { bases, logs } of state.view.groups()) {
    for (const { instant, path } of isLayout1 ? bases : [...bases, ...logs]) {
      if (!rollbacks.has(instant) || state.timeline.isCommitted(instant)) continue;
      await state.storage.remove(`${state.basePath}/${path}`);
      found += 1;
    }
    if (isLayout1 && logs.length > 0) found += await takeBackBlocks(state, logs, rollbacks);
  }
  if (found === 0) return;
  state.markStale();
  await state.refresh();
}

/**
 * Takes away what processes left that had been given up over a plan, and died when they had written all the same: while its
 * instant is on the active timeline that tells which of two files is the table's.
 */
export async function removeOtherAttempts(state: TableState, instants: readonly Instant[]): Promise<void> {
  const { storage, basePath, config } = state;
  if (config.tableType !== "MERGE_ON_READ") return;
  const view = await FileSystemView.load(storage, basePath);
  const contested = [...view.contested()];
  const timestamps = new Set(contested.map(({ instant }) => instant));
  for (const instant of instants) {
    if (!timestamps.has(instant.timestamp) || !state.timeline.writes().includes(instant)) continue;
    view.settle(await state.metadataOf(instant));
  }
  const left = new Set(view.files());
  for (const file of contested) if (!left.has(file)) await storage.remove(`${basePath}/${file.path}`);
}

/** In layout 1 a log file is of many writes; what is left of one is a block that no rollback block takes back. */
async function takeBackBlocks(
  state: TableState,
  logs: readonly LogFile[],
  rollbacks: ReadonlyMap<string, Instant>,
): Promise<number> {
  const left = new Map<string, LogFile>();
  const takenBack = new Set<string>();
  for (const log of logs) {
    for await (const { key, isTaking } of writesIn(state, log)) {
      if (isTaking) takenBack.add(key);
      else left.set(key, log);
    }
  }
  let found = 0;
  for (const [key, log] of left) {
    const [, target = ""] = key.split(" ");
    const rollback = rollbacks.get(target);
    if (rollback === undefined || takenBack.has(key) || state.timeline.isCommitted(target)) continue;
    await takeBack(state, { log: log.path, rollback, target });
    found += 1;
  }
  return found;
}

/** The writes with blocks in a log file, each with the slice; and those that it takes back. */
async function* writesIn({ storage, basePath }: TableState, log: LogFile) {
  const path = `${basePath}/${log.path}`;
  const sizeBytes = log.sizeBytes ?? (await storage.status(path))?.sizeBytes ?? 0;
  for await (const part of scanLog(openLog(storage, { path, sizeBytes }))) {
    if (part.kind === "corrupt") continue;
    const isTaking = isRollback(part);
    const header = isTaking ? BLOCK_HEADER.targetInstantTime : BLOCK_HEADER.instantTime;
    yield { key: `${log.instant} ${part.headers.get(header) ?? ""}`, isTaking };
  }
}

/** The last write before the first file of a write that the timeline knows nothing of. */
export function beforeStrays({ view, timeline, config }: TableState): string | undefined {
  const pending = new Set(timeline.pending().map(({ timestamp }) => timestamp));
  let first: string | null = null;
  for (const { bases, logs } of view.groups()) {
    for (const { instant } of config.layout.version === 1 ? bases : [...bases, ...logs]) {
      const isKnown = timeline.isCommitted(instant) || pending.has(instant);
      if (!isKnown && (first === null || instant < first)) first = instant;
    }
  }
  return first === null
    ? undefined
    : timeline.writes().findLast(({ timestamp }) => timestamp < (first ?? ""))?.timestamp;
}
