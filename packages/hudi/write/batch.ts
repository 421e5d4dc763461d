import type { DuckDBConnection } from "@duckdb/node-api";
import { assert } from "@gridlake/kernel";
import { directoryOf } from "../file-group/partition-metadata.ts";
import { META_COLUMNS } from "../schema/column.ts";
import { sqlText } from "../schema/sql-text.ts";
import { storedRowsSql } from "../schema/stored-type.ts";
import {
  type FileTask,
  type NamedFile,
  publishRows,
  taskStat,
  writeBaseFile,
  type WriteContext,
  type WrittenFile,
} from "./base-file-writer.ts";
import { batchRows } from "./batch-rows.ts";
import { keyTextColumn } from "./finish-base-file.ts";
import { type Cell, rowsOf } from "./rows-of.ts";
import { scratchOf } from "./scratch.ts";
import { sideBySide } from "./side-by-side.ts";

/** Files written side by side. */
const FILES_AT_ONCE = 8;

export interface NamedTask {
  task: FileTask;
  named: NamedFile;
}

/** Writes several small base files, durable but for their directories' entries, with one COPY: by itself one costs 6 ms. */
export async function writeBatch(context: WriteContext, tasks: readonly NamedTask[]): Promise<WrittenFile[]> {
  const { connection, storage, basePath, config, columns } = context;
  const previous = await previousPaths(context, tasks);
  const numbered = tasks.map(({ task, named: { number } }, i) => ({
    task,
    number,
    previousPath: previous[i] ?? null,
  }));
  const [, , key, path, name] = META_COLUMNS;
  const left = keyTextColumn(config, columns) === null ? [path] : [key, path];
  const rows = storedRowsSql(columns, await batchRows(context, numbered));
  const scratch = await scratchOf(storage, basePath);
  try {
    const answers = await rowsOf(
      connection,
      `COPY (SELECT * EXCLUDE (${left.join(", ")}) FROM (${rows})) TO ${sqlText(scratch.localPath)}
       (FORMAT parquet, COMPRESSION zstd, RETURN_STATS, PARTITION_BY (${name}))`,
    );
    const byNumber = new Map(answers.map((answer) => [numberOf(answer), answer]));
    assert(byNumber.size === answers.length, "a COPY made several files of one");
    const before = await rowCounts(connection, previous);
    return await sideBySide(tasks, FILES_AT_ONCE, async ({ task, named }, i) => {
      const written = byNumber.get(named.number);
      // of a file without rows there is nothing to part
      if (!written) return writeBaseFile(context, task, named);
      const { partition } = task;
      const staged = await storage.stage(`${directoryOf(basePath, partition)}/${named.name}`);
      const source = String(written["filename"]);
      const published = await publishRows(context, { partition, named, staged, written, path: source });
      return {
        file: published.file,
        stat: taskStat(task, { ...published, before: before.get(previous[i] ?? "") ?? 0 }),
      };
    });
  } finally {
    await scratch.dispose();
  }
}

/** Where the tasks' predecessors are on this machine. */
async function previousPaths(
  { storage, basePath }: WriteContext,
  tasks: readonly NamedTask[],
): Promise<(string | null)[]> {
  const files = tasks.flatMap(({ task: { previous } }) => previous ?? []);
  const paths = await storage.localPaths(files.map(({ path }) => `${basePath}/${path}`));
  const byFile = new Map(files.map((file, i) => [file, paths[i] ?? null]));
  return tasks.map(({ task: { previous } }) => previous && (byFile.get(previous) ?? null));
}

function numberOf(answer: Record<string, Cell>): number {
  const [key] = answer["partition_keys"] as unknown as { value: string }[];
  return Number(key?.value);
}

/** How many rows these files have. */
async function rowCounts(
  connection: DuckDBConnection,
  paths: readonly (string | null)[],
): Promise<Map<string, number>> {
  const list = paths.flatMap((path) => (path === null ? [] : sqlText(path)));
  if (list.length === 0) return new Map();
  const rows = await rowsOf(
    connection,
    `SELECT file_name, num_rows FROM parquet_file_metadata([${list.join(", ")}])`,
  );
  return new Map(rows.map((row) => [String(row["file_name"]), Number(row["num_rows"])]));
}
