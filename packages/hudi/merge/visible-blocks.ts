import { BLOCK_HEADER, BLOCK_TYPE, isRollback, type LogBlock } from "../log-file/log-block.ts";
import { logCorrupt, logUnsupported, partialUpdate } from "../log-file/log-error.ts";
import type { LogSource } from "../log-file/log-source.ts";
import { type CorruptRegion, MIN_BLOCK_BYTES } from "../log-file/scan.ts";
import type { LogFile } from "../file-group/file-slice.ts";
import type { ScannedLog } from "./log-scans.ts";
import type { RecordedEnd } from "./recorded-ends.ts";

/** A data or delete block of a slice that counts. */
export interface VisibleBlock {
  source: LogSource;
  block: LogBlock;
  instant: string;
}

export interface Visibility {
  /** Whether the blocks of an instant count: its write is completed, and not later than what is asked for. */
  isVisible(instant: string): boolean;
  recordedEnd(log: LogFile): Promise<RecordedEnd>;
}

/** A corrupt region that no rollback has yet been found to explain. */
interface Suspect {
  log: LogFile;
  source: LogSource;
  region: CorruptRegion;
}

/**
 * The blocks of a slice that count, in merge order: those of visible instants, without those that a later rollback block
 * takes back, and with a compacted block in the place of the last of those that it holds merged.
 *
 * A corrupt region is an error unless it is known to be of no completed write. It is so when
 * 1. it lies behind the end of what the completed writes say they wrote to that file, and none of these is archived;
 * 2. what is left of its headers names an instant that a later rollback block of the slice takes back;
 * 3. it is too short to hold a block with headers, so a write that was cut off and not one that rotted, and the next
 *    block of the slice is a rollback: Hudi rolls back what is unfinished before it writes on.
 * @throws HUDI_LOG_CORRUPT, HUDI_LOG_UNSUPPORTED, HUDI_LOG_PARTIAL_UPDATE
 */
export async function visibleBlocks(
  logs: readonly ScannedLog[],
  visibility: Visibility,
): Promise<VisibleBlock[]> {
  // by instant, in the order in which the instants came
  const blocks = new Map<string, VisibleBlock[]>();
  let suspects: Suspect[] = [];
  let previous: Suspect | null = null;
  for (const { log, source, parts } of logs) {
    for (const part of parts) {
      if (part.kind === "corrupt") {
        previous = { log, source, region: part };
        suspects.push(previous);
        continue;
      }
      if (part.type === BLOCK_TYPE.command) {
        const target = targetOf(part, source);
        blocks.delete(target);
        suspects = suspects.filter((one) => !(one.region.instant === target || isStub(one, previous)));
      } else if (isCounted(part, source, visibility)) {
        const instant = part.headers.get(BLOCK_HEADER.instantTime) ?? "";
        const ofInstant = blocks.get(instant);
        if (ofInstant) ofInstant.push({ source, block: part, instant });
        else blocks.set(instant, [{ source, block: part, instant }]);
      }
      previous = null;
    }
  }
  for (const { log, source, region } of suspects) {
    const { atLeast, isAll } = await visibility.recordedEnd(log);
    if (isAll && region.at >= atLeast) continue;
    throw logCorrupt({ file: source.path, offset: region.at }, region.why);
  }
  return withCompacted(blocks);
}

/** Whether a region is the one just before, and what a write that died at once leaves. */
function isStub(suspect: Suspect, previous: Suspect | null): boolean {
  const { at, end } = suspect.region;
  return suspect === previous && end - at < MIN_BLOCK_BYTES;
}

function targetOf(block: LogBlock, { path }: LogSource): string {
  const target = block.headers.get(BLOCK_HEADER.targetInstantTime);
  if (isRollback(block) && target !== undefined) return target;
  throw logUnsupported(
    { file: path, offset: block.at },
    "a command that is no rollback",
    "read the table with the engine that wrote it, or have that engine compact it",
  );
}

function isCounted(block: LogBlock, { path }: LogSource, { isVisible }: Visibility): boolean {
  const place = { file: path, offset: block.at };
  const instant = block.headers.get(BLOCK_HEADER.instantTime);
  if (instant === undefined) throw logCorrupt(place, "the block does not say of which instant it is");
  if (!isVisible(instant)) return false;
  const { type } = block;
  if (type !== BLOCK_TYPE.avroData && type !== BLOCK_TYPE.parquetData && type !== BLOCK_TYPE.delete) {
    throw logUnsupported(
      place,
      `a block of the type ${type}${type === BLOCK_TYPE.hfileData ? " (HFile)" : ""}`,
      "compact the table with the engine that wrote it, and have it write Avro or Parquet blocks (hoodie.logfile.data.block.format)",
    );
  }
  if (block.headers.get(BLOCK_HEADER.isPartial) === "true") throw partialUpdate(place);
  return true;
}

/**
 * A log compaction writes blocks of earlier instants anew as one, whose headers list these. They stay where they were, and
 * what it wrote counts in place of the last of them. One whose instants have all gone counts where it stands.
 */
function withCompacted(blocks: ReadonlyMap<string, readonly VisibleBlock[]>): VisibleBlock[] {
  const instants = [...blocks.keys()];
  const compactedInto = new Map<string, string>();
  for (const instant of instants.toReversed()) {
    const times = blocks.get(instant)?.[0]?.block.headers.get(BLOCK_HEADER.compactedBlockTimes);
    for (const time of times?.split(",") ?? []) {
      compactedInto.set(time, compactedInto.get(instant) ?? instant);
    }
  }
  if (compactedInto.size === 0) return [...blocks.values()].flat();
  const place = new Map<string, number>(); // of each instant that stays, the index that it counts at
  for (const [i, instant] of instants.entries()) {
    const into = compactedInto.get(instant) ?? instant;
    if (!isCompaction(blocks.get(instant)) || !place.has(into)) place.set(into, i);
  }
  return [...place].sort(([, a], [, b]) => a - b).flatMap(([instant]) => blocks.get(instant) ?? []);
}

function isCompaction(blocks: readonly VisibleBlock[] | undefined): boolean {
  return blocks?.[0]?.block.headers.has(BLOCK_HEADER.compactedBlockTimes) ?? false;
}
