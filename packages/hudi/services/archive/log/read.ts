import avsc from "avsc";
import { GridlakeError } from "@gridlake/kernel";
import { commitOf } from "../../../avro/commit-metadata.ts";
import { avroRecords } from "../../../log-file/avro-block.ts";
import { BLOCK_HEADER, BLOCK_TYPE, type LogBlock } from "../../../log-file/log-block.ts";
import { logOfBytes, type LogSource } from "../../../log-file/log-source.ts";
import { scanLog } from "../../../log-file/scan.ts";
import type { Storage } from "../../../storage/storage.ts";
import type { CommitMetadata } from "../../../timeline/commit-metadata.ts";
import { type Action, ACTIONS, completedAction } from "../../../timeline/instant.ts";

/** One state of an instant in an archive file. */
export interface ReadEntry {
  commitTime: string;
  /** That of the completed instant. */
  action: Action;
  isCompleted: boolean;
  /** The number of the entry in its file. */
  number: number;
}

/** The entries of an archive file, without their bodies, in order. @throws HUDI_TIMELINE_CORRUPT naming it */
export async function readEntries(storage: Storage, path: string): Promise<ReadEntry[]> {
  const found: ReadEntry[] = [];
  let number = 0;
  for await (const record of recordsOf(storage, path)) {
    const { commitTime, actionType, actionState } = record;
    if (!commitTime || !actionType || !ACTIONS.has(actionType)) {
      throw corrupt(path, `its entry ${number} is of the action ${actionType ?? "null"}`);
    }
    // the oldest archivers wrote completed instants alone, and said no state
    const isCompleted = (actionState ?? "COMPLETED") === "COMPLETED";
    found.push({ commitTime, action: completedAction(actionType as Action), isCompleted, number });
    number += 1;
  }
  return found;
}

/** What the writes among a file's entries did, by the entries' numbers; null for those of other actions. */
export async function readBodies(storage: Storage, path: string): Promise<(CommitMetadata | null)[]> {
  const found: (CommitMetadata | null)[] = [];
  for await (const record of recordsOf(storage, path)) {
    const body = record.hoodieReplaceCommitMetadata ?? record.hoodieCommitMetadata;
    found.push(body ? commitOf(body) : null);
  }
  return found;
}

interface ArchivedRecord {
  commitTime: string | null;
  actionType: string | null;
  actionState?: string | null;
  hoodieCommitMetadata?: unknown;
  hoodieReplaceCommitMetadata?: unknown;
}

async function* recordsOf(storage: Storage, path: string): AsyncGenerator<ArchivedRecord> {
  const bytes = await storage.read(path);
  if (bytes === null) throw corrupt(path, "it is gone");
  const source = logOfBytes(path, bytes);
  for await (const block of scanLog(source)) {
    if (block.kind === "corrupt") throw corrupt(path, `at byte ${block.at}, ${block.why}`);
    if (block.type === BLOCK_TYPE.avroData) yield* blockRecords(source, block);
  }
}

async function* blockRecords(source: LogSource, block: LogBlock): AsyncGenerator<ArchivedRecord> {
  const schema = block.headers.get(BLOCK_HEADER.schema);
  if (schema === undefined) throw corrupt(source.path, `its block at byte ${block.at} has no schema`);
  const type = avsc.Type.forSchema(JSON.parse(schema) as avsc.Schema, { wrapUnions: "never" });
  for await (const records of avroRecords(source, block)) {
    for (const record of records) {
      try {
        yield type.fromBuffer(record) as ArchivedRecord;
      } catch (cause) {
        throw corrupt(source.path, `a record of its block at byte ${block.at} is not of its schema`, cause);
      }
    }
  }
}

function corrupt(path: string, why: string, cause?: unknown): GridlakeError {
  return new GridlakeError("HUDI_TIMELINE_CORRUPT", `${path} is no archived timeline: ${why}`, {
    remedy: "restore the file; the table itself does not need it",
    details: { file: path },
    ...(cause === undefined ? {} : { cause }),
  });
}
