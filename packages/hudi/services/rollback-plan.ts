import type { RollbackPlan } from "../avro/rollback.ts";
import { FileSystemView } from "../file-group/file-system-view.ts";
import { parseBaseFileName, parseLogFileName } from "../file-group/file-name.ts";
import { BLOCK_HEADER } from "../log-file/log-block.ts";
import { openLog } from "../log-file/log-source.ts";
import { scanLog } from "../log-file/scan.ts";
import type { TableState } from "../table/table-state.ts";
import { decodeCommitJson } from "../timeline/commit-metadata.ts";
import type { Action, Instant } from "../timeline/instant.ts";
import { readMarkers } from "../write/marker.ts";

export type RollbackRequest = NonNullable<RollbackPlan["RollbackRequests"]>[number];

/** In layout 1, log files that are named for these are of the delta commits after them. */
const NAME_LOGS_OF_OTHERS: ReadonlySet<Action> = new Set<Action>(["compaction", "logcompaction"]);

/**
 * How an unfinished write is undone: its own files go. What it appended to a log file that other writes are in too is to be
 * taken back by a block behind it; that can be only in layout 1, where markers tell which log files it wrote to.
 * @throws HUDI_TIMELINE_CORRUPT
 */
export async function planRollback(state: TableState, target: Instant): Promise<RollbackPlan> {
  const { storage, basePath, config } = state;
  const view = await FileSystemView.load(storage, basePath);
  const own = new Set<string>();
  const shared = new Map<string, number>();
  const namesOthers = config.layout.version === 1 && NAME_LOGS_OF_OTHERS.has(target.action);
  for (const { bases, logs } of view.groups()) {
    for (const file of namesOthers ? bases : [...bases, ...logs]) {
      if (file.instant === target.timestamp) own.add(file.path);
    }
  }
  const markers = await readMarkers(state, target.timestamp);
  const logs = markers.flatMap(({ path, kind }) => (kind === "APPEND" ? logsOf(view, path) : []));
  for (const { path, kind } of markers) if (kind !== "APPEND") own.add(path);
  if (markers.length === 0) logs.push(...(await logsMeant(state, view, target)));
  for (const log of new Set(logs)) {
    const found = own.has(log) ? null : await shareOf(state, log, target.timestamp);
    if (found?.isShared) shared.set(log, found.sizeBytes);
    else if (found) own.add(log);
  }
  return {
    instantToRollback: { commitTime: target.timestamp, action: target.action },
    RollbackRequests: [
      ...[...own].map((path) => removal(state, path)),
      ...[...shared].map(([path, sizeBytes]) => takingBack(state, { path, sizeBytes })),
    ],
    version: 1,
  };
}

/** As Hudi has it: without a file group, and never with blocks. */
export function removal({ storage, basePath }: TableState, path: string): RollbackRequest {
  return {
    partitionPath: partitionOf(path),
    fileId: "",
    latestBaseInstant: "",
    filesToBeDeleted: [storage.uriOf(`${basePath}/${path}`)],
    logBlocksToBeDeleted: {},
  };
}

/** Hudi makes the block's file by the group and the instant, in its own way. */
export function takingBack(
  { storage, basePath }: TableState,
  { path, sizeBytes }: { path: string; sizeBytes: number },
): RollbackRequest {
  const { fileId = "", instant = "" } = parseLogFileName(nameOf(path)) ?? {};
  return {
    partitionPath: partitionOf(path),
    fileId,
    latestBaseInstant: instant,
    filesToBeDeleted: [],
    logBlocksToBeDeleted: { [storage.uriOf(`${basePath}/${path}`)]: sizeBytes },
  };
}

/** The log files that a marker may mean: very old engines name the base file that they belong to. */
function logsOf(view: FileSystemView, path: string): string[] {
  const base = parseBaseFileName(nameOf(path));
  if (base === null) return [path];
  const group = view.group(partitionOf(path), base.fileId);
  return (group?.logs ?? []).filter((log) => log.instant === base.instant).map((log) => log.path);
}

/** Without markers: the log files of those groups that the inflight file says are to be changed, if it says any. */
async function logsMeant(state: TableState, view: FileSystemView, target: Instant): Promise<string[]> {
  if (state.config.layout.version !== 1 || target.action !== "deltacommit") return [];
  const file = state.instantPath({ ...target, state: "inflight" });
  const bytes = await state.storage.read(file);
  if (bytes === null || bytes.length === 0) return [];
  const stats = Object.entries(decodeCommitJson(bytes, file).partitionToWriteStats);
  return stats.flatMap(([partition, some]) =>
    some.flatMap(({ fileId }) => (view.group(partition, fileId)?.logs ?? []).map(({ path }) => path)),
  );
}

/** Whether other writes are in a log file too; null when the target is not in it, or it was never made. */
async function shareOf(
  { storage, basePath }: TableState,
  path: string,
  timestamp: string,
): Promise<{ isShared: boolean; sizeBytes: number } | null> {
  const status = await storage.status(`${basePath}/${path}`);
  if (status === null) return null;
  const { sizeBytes } = status;
  let [mine, others] = [0, 0];
  for await (const part of scanLog(openLog(storage, { path: `${basePath}/${path}`, sizeBytes }))) {
    const instant = part.kind === "block" ? part.headers.get(BLOCK_HEADER.instantTime) : part.instant;
    // torn bytes that tell nothing: the target's, for who is dead wrote last
    if (instant === timestamp || (part.kind === "corrupt" && instant === null)) mine += 1;
    else others += 1;
  }
  return mine === 0 && others > 0 ? null : { isShared: others > 0, sizeBytes };
}

function partitionOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
