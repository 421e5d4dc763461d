import { ARCHIVED_ENTRY, type ArchivedEntry } from "../avro/archived-entry.ts";
import { decodeContainer } from "../avro/container.ts";
import { avroDataBlock } from "../log-file/log-block.ts";
import type { TableState } from "../table/table-state.ts";
import { type LockOptions, WriteLock } from "../table/write-lock.ts";
import type { Action, Instant } from "../timeline/instant.ts";
import { ARCHIVE_PREFIX, HOODIE } from "../timeline/timeline.ts";

export interface ArchiveOptions {
  /** So many of the newest instants stay. At least 1. @default 100 */
  minInstants?: number;
  /** Nothing is archived until there are more than so many. @default 400 */
  maxInstants?: number;
  /** Tell how many would go, and leave them. @default false */
  dryRun?: boolean;
  lock?: LockOptions;
}

export interface ArchiveResult {
  /** Instants taken from the active timeline. */
  instants: number;
}

const DEFAULT_MIN = 100;
const DEFAULT_MAX = 400;
/** How many instants one archive file takes: what is read and held in memory at once. */
const INSTANTS_PER_FILE = 500;
const ARCHIVED: ReadonlySet<Action> = new Set<Action>(["commit", "clean", "rollback"]);

/**
 * Moves the oldest instants from the active timeline, which every commit and every read lists, to the archived one.
 * The table's rows don't change: a base file that is older than the active timeline counts as committed. That is why
 * instants go oldest first, and why none goes past one that is unfinished, saved, or still hides replaced files.
 * @throws HUDI_WRITE_CONFLICT (after-refresh), HUDI_TIMELINE_CORRUPT
 */
export async function archive(state: TableState, options: ArchiveOptions = {}): Promise<ArchiveResult> {
  const min = Math.max(1, options.minInstants ?? DEFAULT_MIN);
  const max = Math.max(min, options.maxInstants ?? DEFAULT_MAX);
  await state.refresh();
  if (state.timeline.instants.length <= max) return { instants: 0 };
  if (options.dryRun) return { instants: (await archivable(state, min)).length };
  const lock = await WriteLock.acquire(state, options.lock);
  try {
    await state.refresh();
    const instants = await archivable(state, min);
    for (let at = 0; at < instants.length; at += INSTANTS_PER_FILE) {
      await archiveSome(state, instants.slice(at, at + INSTANTS_PER_FILE));
    }
    await state.refresh();
    return { instants: instants.length };
  } finally {
    await lock.release();
  }
}

/** Oldest first. */
async function archivable(state: TableState, min: number): Promise<Instant[]> {
  const { timeline } = state;
  const newestWrite = timeline.writes().at(-1)?.timestamp ?? "";
  const retained = await state.earliestRetained();
  // without the clean that says so, nobody would know from when on the table can be read as it was
  const telling = retained === null ? null : await state.cleanThatRetained(retained);
  const found: Instant[] = [];
  for (const instant of timeline.instants.slice(0, -min)) {
    const stays =
      instant.state !== "completed" ||
      !ARCHIVED.has(instant.action) ||
      instant.timestamp >= newestWrite ||
      (retained !== null && instant.timestamp >= retained && instant.action === "commit");
    if (stays) break;
    if (instant.timestamp !== telling) found.push(instant);
  }
  return found;
}

async function archiveSome(state: TableState, instants: readonly Instant[]): Promise<void> {
  const { storage, basePath } = state;
  const records: Buffer[] = [];
  for (const instant of instants) {
    for (const entry of await entriesOf(state, instant)) records.push(ARCHIVED_ENTRY.toBuffer(entry));
  }
  const block = avroDataBlock(JSON.stringify(ARCHIVED_ENTRY.schema({ exportAttrs: true })), records);
  let version = await nextVersion(state);
  while (!(await storage.createIfAbsent(archivePath(state, version), block))) version += 1;
  // An instant whose completed file went first would look unfinished, and be rolled back with its data.
  for (const instant of instants) {
    await storage.remove(state.instantPath({ ...instant, state: "requested" }));
    await storage.remove(state.instantPath({ ...instant, state: "inflight" }));
  }
  await storage.syncDirectory(`${basePath}/${HOODIE}`);
  for (const instant of instants) await storage.remove(state.instantPath(instant));
  await storage.syncDirectory(`${basePath}/${HOODIE}`);
}

function archivePath({ archiveFolder }: TableState, version: number): string {
  return `${archiveFolder}/${ARCHIVE_PREFIX}${version}_1-0-1`;
}

async function nextVersion({ storage, archiveFolder }: TableState): Promise<number> {
  const files = (await storage.list(archiveFolder)).filter(({ name }) => name.startsWith(ARCHIVE_PREFIX));
  const versions = files.map(({ name }) => Number.parseInt(name.slice(ARCHIVE_PREFIX.length), 10));
  return Math.max(0, ...versions) + 1;
}

/** The three states of an instant, as Hudi archives them: what it did stands with the completed one. */
async function entriesOf(state: TableState, instant: Instant): Promise<ArchivedEntry[]> {
  const base = { commitTime: instant.timestamp, actionType: instant.action };
  return [
    { ...base, actionState: "REQUESTED" },
    { ...base, actionState: "INFLIGHT" },
    { ...base, actionState: "COMPLETED", ...(await bodyOf(state, instant)) },
  ];
}

async function bodyOf(state: TableState, instant: Instant): Promise<Partial<ArchivedEntry>> {
  if (instant.action === "commit") {
    const { partitionToWriteStats, extraMetadata, operationType } = await state.metadataOf(instant);
    // the schema is the bulk of it and the same in most: Hudi leaves it out too
    const hoodieCommitMetadata = {
      partitionToWriteStats,
      extraMetadata: { ...extraMetadata, schema: "" },
      version: 1,
      operationType,
    };
    return { hoodieCommitMetadata };
  }
  const path = state.instantPath(instant);
  const metadata = await decodeContainer(await state.bytesOf(instant), path);
  return instant.action === "clean"
    ? { hoodieCleanMetadata: metadata }
    : { hoodieRollbackMetadata: metadata };
}
