import type avsc from "avsc";
import { GridlakeError } from "@gridlake/kernel";
import type { CommitMetadata, WriteStat } from "../timeline/commit-metadata.ts";
import { decodeContainer, encodeContainer } from "./container.ts";
import { type Field, hudiRecord, listOf, mapOf, optional, STRINGS, versionField } from "./record.ts";
import { WRITE_STAT } from "./write-stat.ts";

/** Body of a commit or delta commit of timeline layout 2. Names and order are Hudi's. */
export const COMMIT_METADATA = hudiRecord("HoodieCommitMetadata", commitFields(WRITE_STAT));

/** Body of a replace commit of timeline layout 2, also of one that clusters. */
export const REPLACE_COMMIT_METADATA = hudiRecord(
  "HoodieReplaceCommitMetadata",
  replaceCommitFields(WRITE_STAT),
);

function commitFields(stat: avsc.Schema): Field[] {
  return [
    optional("partitionToWriteStats", mapOf(listOf(stat))),
    optional("compacted", "boolean"),
    optional("extraMetadata", mapOf("string")),
    versionField(1),
    optional("operationType", "string"),
  ];
}

/** @param stat HoodieWriteStat, or its name in a schema that has it already */
export function replaceCommitFields(stat: avsc.Schema): Field[] {
  return [...commitFields(stat), optional("partitionToReplaceFileIds", mapOf(STRINGS))];
}

/** A commit's body for timeline layout 2; that of a replace commit when it has `partitionToReplaceFileIds`, even empty ones. */
export function encodeCommitAvro(metadata: CommitMetadata): Promise<Buffer> {
  const type = metadata.partitionToReplaceFileIds === undefined ? COMMIT_METADATA : REPLACE_COMMIT_METADATA;
  return encodeContainer(type, metadata);
}

/**
 * The body of a commit, delta commit or replace commit of layout 2, by whatever version of Hudi it was written.
 * @throws HUDI_TIMELINE_CORRUPT naming the file
 */
export async function decodeCommitAvro(bytes: Buffer, file: string): Promise<CommitMetadata> {
  const record = (await decodeContainer(bytes, file)) as AvroCommit;
  // its schema may say anything: another action's body must not pass for a commit of nothing
  if (!("partitionToWriteStats" in Object(record))) {
    throw new GridlakeError("HUDI_TIMELINE_CORRUPT", `${file} is not commit metadata`, {
      remedy: "restore the file, or roll the instant back",
      details: { file },
    });
  }
  return commitOf(record);
}

/** Commit metadata out of its Avro record, wherever that stood. */
export function commitOf(value: unknown): CommitMetadata {
  const record = value as AvroCommit;
  const stats = Object.entries(record.partitionToWriteStats ?? {});
  const replaced = record.partitionToReplaceFileIds;
  return {
    partitionToWriteStats: Object.fromEntries(
      stats.map(([partition, some]) => [partition, some.map((stat) => statOf(stat, partition))]),
    ),
    compacted: record.compacted ?? false,
    extraMetadata: { ...record.extraMetadata },
    operationType: record.operationType ?? "UNKNOWN",
    ...(replaced ? { partitionToReplaceFileIds: { ...replaced } } : {}),
  };
}

interface AvroCommit {
  partitionToWriteStats: Record<string, AvroStat[]> | null;
  compacted?: boolean | null;
  extraMetadata?: Record<string, string> | null;
  operationType?: string | null;
  partitionToReplaceFileIds?: Record<string, string[]> | null;
}
type AvroStat = { [Name in keyof WriteStat]?: WriteStat[Name] | null };

/** What Avro writes as null is an absent field, as in the JSON of layout 1. */
function statOf(stat: AvroStat, partition: string): WriteStat {
  const present = Object.entries(stat).filter(([, value]) => value !== null);
  return {
    fileId: "",
    path: "",
    prevCommit: "null",
    prevBaseFile: null,
    partitionPath: partition,
    numWrites: 0,
    numInserts: 0,
    numUpdateWrites: 0,
    numDeletes: 0,
    totalWriteBytes: 0,
    fileSizeInBytes: 0,
    totalWriteErrors: 0,
    ...(Object.fromEntries(present) as Partial<WriteStat>),
  };
}
