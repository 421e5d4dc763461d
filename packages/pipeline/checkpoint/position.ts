import { GridlakeError } from "@gridlake/kernel";

/** How far a lake table's last commit is; kept in the commit's own metadata (law L3). */
export interface LakePosition {
  /** The checkpoint that the commit belongs to, from 1. */
  checkpoint: number;
  /** The last micro-batch whose rows it holds. */
  sequence: number;
  /** How long the micro-batches up to it took together; absent in commits of before. */
  streamMs?: number;
  /** Per topic, the offset of the first log record that it does not hold. */
  offsets: Readonly<Record<string, number>>;
  /** The tables that the checkpoint commits to: it is complete once all of them have. */
  tables: readonly string[];
  /** The grid's time zone at the commit: rows are in the partitions of its days. */
  timeZone: string;
  /** The model's column whose day is the partition. */
  partition: string | null;
  /** Of the model whose rows it holds (see `meaningOf`); absent in commits of before. */
  meaning?: string;
  /** Of a source: what made its newest rows (see `madeBy`), and from which offset on; earlier ones were made otherwise. */
  source: { madeBy: string; since: number } | null;
}

const KEY = "gridlake.position";

export function encodePosition(position: LakePosition): Record<string, string> {
  return { [KEY]: JSON.stringify(position) };
}

/**
 * Null for a commit of another writer, or of a table service.
 * @throws CHECKPOINT_METADATA_INVALID
 */
export function decodePosition(
  metadata: Readonly<Record<string, string>>,
  table: string,
): LakePosition | null {
  const text = metadata[KEY];
  if (text === undefined) return null;
  try {
    const value = JSON.parse(text) as LakePosition;
    if (Number.isSafeInteger(value.checkpoint) && Number.isSafeInteger(value.sequence)) return value;
  } catch (cause) {
    throw invalid(table, text, cause);
  }
  throw invalid(table, text, undefined);
}

function invalid(table: string, text: string, cause: unknown): GridlakeError {
  return new GridlakeError("CHECKPOINT_METADATA_INVALID", `${table}: ${KEY} is not a position: ${text}`, {
    remedy: "restore the table to an earlier instant, or move it away to have it written again",
    cause,
  });
}
