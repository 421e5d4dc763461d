import type { LogFile } from "../file-group/file-slice.ts";
import { BLOCK_HEADER, BLOCK_TYPE, type LogBlock } from "../log-file/log-block.ts";
import { logCorrupt } from "../log-file/log-error.ts";
import { logMissing, type LogSource, openLog } from "../log-file/log-source.ts";
import { type CorruptRegion, scanLog } from "../log-file/scan.ts";
import type { MergeContext } from "./merge-context.ts";
import { recordedEnd } from "./recorded-ends.ts";

/** A log file and what it is made of. */
export interface ScannedLog {
  log: LogFile;
  source: LogSource;
  parts: readonly (LogBlock | CorruptRegion)[];
}

interface Scan {
  sizeBytes: number;
  parts: readonly (LogBlock | CorruptRegion)[];
}

/** How many files' blocks are remembered: some hundred bytes each. */
const MAX_SCANS = 20_000;
const MAX_SCHEMAS = 100;
/** The positions that records had in a base file help Hudi's engines to merge; here keys do. */
const FORGOTTEN = new Set<number>([BLOCK_HEADER.recordPositions, BLOCK_HEADER.baseInstantOfPositions]);

const scans = new Map<string, Scan>();
const schemas = new Map<string, string>();

/**
 * What a log file is made of. It is remembered when every block in it is of a completed write: such a file never changes
 * but by growing. One of an unfinished write may go, and come again under the same name with as many other bytes.
 * @throws HUDI_FILE_MISSING; HUDI_LOG_CORRUPT when the file is shorter than a completed write left it
 */
export async function scannedLog(context: MergeContext, log: LogFile): Promise<ScannedLog> {
  const path = `${context.basePath}/${log.path}`;
  const sizeBytes = log.sizeBytes ?? (await context.storage.status(path))?.sizeBytes;
  if (sizeBytes === undefined) throw logMissing(path);
  const source = openLog(context.storage, { path, sizeBytes });
  const known = scans.get(path);
  if (known?.sizeBytes === sizeBytes) {
    scans.delete(path);
    scans.set(path, known); // the newest in use
    return { log, source, parts: known.parts };
  }
  const { atLeast } = await recordedEnd(context, log);
  if (sizeBytes < atLeast) {
    const what = `it ends there, and a completed write left it ${atLeast} bytes long`;
    throw logCorrupt({ file: path, offset: sizeBytes }, what);
  }
  const parts: (LogBlock | CorruptRegion)[] = [];
  for await (const part of scanLog(source)) parts.push(part.kind === "block" ? remembered(part) : part);
  if (parts.every((part) => isSettled(part, context))) remember(path, { sizeBytes, parts });
  return { log, source, parts };
}

function isSettled(part: LogBlock | CorruptRegion, { timeline }: MergeContext): boolean {
  if (part.kind === "corrupt") return false;
  const instant = part.headers.get(BLOCK_HEADER.instantTime);
  return part.type === BLOCK_TYPE.command || (instant !== undefined && timeline.isCommitted(instant));
}

function remember(path: string, scan: Scan): void {
  scans.set(path, scan);
  for (const oldest of scans.keys()) {
    if (scans.size <= MAX_SCANS) break;
    scans.delete(oldest);
  }
}

/** The block without what is not asked for, and with a schema that others have too. */
function remembered(block: LogBlock): LogBlock {
  const headers = new Map([...block.headers].filter(([key]) => !FORGOTTEN.has(key)));
  const schema = headers.get(BLOCK_HEADER.schema);
  if (schema !== undefined) headers.set(BLOCK_HEADER.schema, shared(schema));
  return { ...block, headers };
}

function shared(schema: string): string {
  const known = schemas.get(schema);
  if (known !== undefined) return known;
  if (schemas.size >= MAX_SCHEMAS) schemas.clear();
  schemas.set(schema, schema);
  return schema;
}
