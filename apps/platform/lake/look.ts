import type { CommitMetadata, HudiTable, Storage, TimelineEntry, WriteStat } from "@gridlake/hudi";
import { openTable } from "@gridlake/hudi";
import { type Answer, answerOf } from "./answer.ts";
import { findTables, nameOf } from "./find-tables.ts";

/** Every table of the lake with what it takes on disk and its newest commit. */
export async function listTables(storage: Storage, lake: string): Promise<Answer> {
  const rows = [];
  for (const path of await findTables(storage, lake)) {
    const table = await openTable(storage, path);
    const { files, bytes, partitions } = await sizes(table);
    const newest = (await table.timeline()).findLast(isWrite);
    rows.push({
      table: nameOf(path),
      type: table.config.tableType,
      version: table.config.version,
      partitions,
      files,
      bytes,
      newest_commit: newest?.timestamp ?? null,
      path,
    });
  }
  return answerOf(
    {
      table: "VARCHAR",
      type: "VARCHAR",
      version: "INTEGER",
      partitions: "BIGINT",
      files: "BIGINT",
      bytes: "BIGINT",
      newest_commit: "VARCHAR",
      path: "VARCHAR",
    },
    rows,
  );
}

/** What a table is, property by property, then its columns. */
export async function showTable(table: HudiTable): Promise<Answer> {
  const { config } = table;
  const instants = await table.instants();
  const writes = (await table.timeline()).filter(isWrite);
  const { files, logs, bytes, partitions } = await sizes(table);
  const facts: [string, string | number | null][] = [
    ["name", config.name],
    ["path", table.basePath],
    ["type", config.tableType],
    ["version", config.version],
    ["record key", config.recordKey.join(", ")],
    ["partition", config.partitionFields.join(", ") || null],
    ["ordering", config.ordering],
    ["merge mode", config.mergeMode],
    ["index", indexText(config.index)],
    ["partitions", partitions],
    ["base files", files],
    ["log files", logs],
    ["bytes", bytes],
    ["active instants", instants.length],
    ["unfinished", instants.filter(({ state }) => state !== "completed").length],
    ["oldest commit", writes[0]?.timestamp ?? null],
    ["newest commit", writes.at(-1)?.timestamp ?? null],
    ...table
      .schema()
      .map((column): [string, string] => [
        `column ${column.name}`,
        `${column.type}${column.nullable ? "" : " NOT NULL"}${column.doc === undefined ? "" : `: ${column.doc}`}`,
      ]),
  ];
  return answerOf(
    { property: "VARCHAR", value: "VARCHAR" },
    facts.map(([property, value]) => ({ property, value })),
  );
}

/** The active timeline, newest first, with what each write did. */
export async function showTimeline(table: HudiTable, { limit }: { limit: number }): Promise<Answer> {
  const completed = new Map((await table.timeline()).map((one) => [`${one.timestamp}.${one.action}`, one]));
  const rows = [];
  for (const instant of (await table.instants()).toReversed().slice(0, limit)) {
    const metadata = await completed.get(`${instant.timestamp}.${instant.action}`)?.metadata();
    rows.push({
      instant: instant.timestamp,
      action: instant.action,
      state: instant.state,
      completed_at: instant.completedAt,
      operation: metadata?.operationType ?? null,
      ...totals(metadata ?? null),
    });
  }
  return answerOf(
    {
      instant: "VARCHAR",
      action: "VARCHAR",
      state: "VARCHAR",
      completed_at: "VARCHAR",
      operation: "VARCHAR",
      ...TOTALS,
    },
    rows,
  );
}

/** All that was done to a table, newest first, the archived timeline too. */
export async function showHistory(table: HudiTable, { limit }: { limit: number }): Promise<Answer> {
  const rows = [];
  for (const entry of (await table.history()).toReversed().slice(0, limit)) {
    const metadata = await entry.metadata();
    rows.push({
      instant: entry.timestamp,
      action: entry.action,
      completed_at: entry.completedAt,
      archived: entry.archived,
      operation: metadata?.operationType ?? null,
      ...totals(metadata),
      // what the writer said of it: the pipeline's checkpoint and offsets, an import's file
      metadata: metadata === null ? null : JSON.stringify(ownMetadata(metadata)),
    });
  }
  return answerOf(
    {
      instant: "VARCHAR",
      action: "VARCHAR",
      completed_at: "VARCHAR",
      archived: "BOOLEAN",
      operation: "VARCHAR",
      ...TOTALS,
      metadata: "VARCHAR",
    },
    rows,
  );
}

/** The files that hold the rows as of an instant. */
export async function showFiles(
  table: HudiTable,
  selection: { asOf?: string; partition?: string },
): Promise<Answer> {
  const rows = (await table.slices(selection)).flatMap((slice) =>
    [
      ...(slice.base ? [{ kind: "base", ...slice.base }] : []),
      ...slice.logs.map((log) => ({ kind: "log", ...log })),
    ].map(({ kind, instant, path, sizeBytes }) => ({
      partition: slice.partition,
      file_group: slice.fileId,
      kind,
      instant,
      bytes: sizeBytes,
      path,
    })),
  );
  return answerOf(
    {
      partition: "VARCHAR",
      file_group: "VARCHAR",
      kind: "VARCHAR",
      instant: "VARCHAR",
      bytes: "BIGINT",
      path: "VARCHAR",
    },
    rows,
  );
}

function isWrite({ action }: Pick<TimelineEntry, "action">): boolean {
  return action === "commit" || action === "deltacommit" || action === "replacecommit";
}

async function sizes(
  table: HudiTable,
): Promise<{ files: number; logs: number; bytes: number; partitions: number }> {
  const slices = await table.slices();
  const all = slices.flatMap(({ base, logs }) => [...(base ? [base] : []), ...logs]);
  const files = slices.filter(({ base }) => base !== null).length;
  return {
    files,
    logs: all.length - files,
    bytes: all.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0),
    partitions: new Set(slices.map(({ partition }) => partition)).size,
  };
}

const TOTALS = {
  inserts: "BIGINT",
  updates: "BIGINT",
  deletes: "BIGINT",
  files: "BIGINT",
  bytes: "BIGINT",
};

function ownMetadata({ extraMetadata }: CommitMetadata): Record<string, string> {
  return Object.fromEntries(Object.entries(extraMetadata).filter(([key]) => key !== "schema"));
}

function totals(metadata: CommitMetadata | null) {
  const stats = Object.values(metadata?.partitionToWriteStats ?? {}).flat();
  const sum = (of: (stat: WriteStat) => number) =>
    metadata === null ? null : stats.reduce((total, stat) => total + of(stat), 0);
  return {
    inserts: sum((stat) => stat.numInserts),
    updates: sum((stat) => stat.numUpdateWrites),
    deletes: sum((stat) => stat.numDeletes),
    files: metadata === null ? null : stats.length,
    bytes: sum((stat) => stat.totalWriteBytes),
  };
}

function indexText(index: HudiTable["config"]["index"]): string {
  if (index.kind === "bucket") return `bucket, ${index.buckets} of ${index.fields.join(", ")}`;
  return index.kind === "bloom" ? `bloom, false positives ${index.falsePositiveRate}` : index.kind;
}
