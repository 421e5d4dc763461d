import type { DuckDBConnection } from "@duckdb/node-api";
import type { ClusteringStrategy, HudiTable } from "@gridlake/hudi";
import { GridlakeError } from "@gridlake/kernel";
import { type Answer, answerOf } from "./answer.ts";

// Each service answers with what it did, or on a dry run with what it would do: a line for each thing it touches.

export interface CleanRequest {
  dryRun: boolean;
  commits?: number;
  hours?: number;
  versions?: number;
}

/** The files that no reader of the retained past needs. */
export async function cleanTable(
  table: HudiTable,
  { dryRun, commits, hours, versions }: CleanRequest,
): Promise<Answer> {
  const { instant, removed } = await table.clean({
    dryRun,
    ...(commits === undefined ? {} : { retainCommits: commits }),
    ...(hours === undefined ? {} : { retainHours: hours }),
    ...(versions === undefined ? {} : { retainVersions: versions }),
  });
  return answerOf(
    { instant: "VARCHAR", file: "VARCHAR", bytes: "BIGINT" },
    removed.map(({ path, sizeBytes }) => ({ instant, file: path, bytes: sizeBytes })),
  );
}

const MERGED = {
  partition: "VARCHAR",
  file_group: "VARCHAR",
  log_files: "BIGINT",
  bytes_in: "BIGINT",
  bytes_out: "BIGINT",
};

/** Log files into base files: those of plans that wait, by whatever engine, and of a new plan. */
export async function compactTable(
  table: HudiTable,
  {
    connection,
    dryRun,
    minLogFiles,
  }: { connection: DuckDBConnection; dryRun: boolean; minLogFiles?: number },
): Promise<Answer> {
  const schedule = minLogFiles === undefined ? {} : { minLogFiles };
  const { groups } = await table.compact({ connection, dryRun, schedule });
  return answerOf(
    MERGED,
    groups.map((group) => ({
      partition: group.partition,
      file_group: group.fileId,
      log_files: group.logFiles,
      bytes_in: group.bytesIn,
      bytes_out: group.bytesOut,
    })),
  );
}

/** Small files together, or rows in order. */
export async function clusterTable(
  table: HudiTable,
  { connection, dryRun, ...strategy }: { connection: DuckDBConnection; dryRun: boolean } & ClusteringStrategy,
): Promise<Answer> {
  const { instant, groups } = await table.cluster({ connection, dryRun, ...strategy });
  return answerOf(
    {
      instant: "VARCHAR",
      partition: "VARCHAR",
      files_in: "BIGINT",
      files_out: "BIGINT",
      bytes_in: "BIGINT",
    },
    groups.map((group) => ({
      instant,
      partition: group.partition,
      files_in: group.filesIn,
      files_out: group.filesOut,
      bytes_in: group.bytesIn,
    })),
  );
}

/** The table as it was as of a write. */
export async function restoreTable(
  table: HudiTable,
  options: { to: string; dryRun: boolean },
): Promise<Answer> {
  const { instant, undone } = await table.restore(options);
  return answerOf(
    { restore: "VARCHAR", undone: "VARCHAR", action: "VARCHAR" },
    undone.map(({ timestamp, action }) => ({ restore: instant, undone: timestamp, action })),
  );
}

const SAVEPOINT = {
  instant: "VARCHAR",
  user: "VARCHAR",
  saved_at: "VARCHAR",
  files: "BIGINT",
  comment: "VARCHAR",
};

/** The savepoints that there are, after one was made or deleted if that is asked for; on a dry run that one alone. */
export async function savepointTable(
  table: HudiTable,
  request: {
    add?: { instant?: string; user: string; comment: string; dryRun?: boolean };
    remove?: { instant: string; dryRun?: boolean };
  },
): Promise<Answer> {
  const { add, remove } = request;
  const added = add && (await table.savepoint(add));
  const removed = remove && (await table.deleteSavepoint(remove.instant, { dryRun: remove.dryRun ?? false }));
  const wouldBe = [added && add.dryRun ? added : [], removed && remove.dryRun ? removed : []].flat();
  const shown = wouldBe.length > 0 ? wouldBe : await table.savepoints();
  return answerOf(
    SAVEPOINT,
    shown.map(({ savedAtMs, ...one }) => ({
      instant: one.instant,
      user: one.user,
      saved_at: new Date(savedAtMs).toISOString(),
      files: one.files,
      comment: one.comment,
    })),
  );
}

/**
 * The newest write, undone. It has to be named, so that one that came meanwhile is not undone in its stead.
 * @throws LAKE_NOT_NEWEST, LAKE_NOTHING_BEFORE and what `restore` throws
 */
export async function rollbackTable(
  table: HudiTable,
  { instant, dryRun }: { instant: string; dryRun: boolean },
): Promise<Answer> {
  const writes = (await table.timeline())
    .filter(({ action }) => action === "commit" || action === "deltacommit" || action === "replacecommit")
    .toSorted((a, b) => ((a.completedAt ?? "") < (b.completedAt ?? "") ? -1 : 1));
  const [before, newest] = [writes.at(-2), writes.at(-1)];
  if (newest?.timestamp !== instant) {
    throw new GridlakeError("LAKE_NOT_NEWEST", `${instant} is not the newest write of ${table.basePath}`, {
      remedy: `that is ${newest?.timestamp ?? "none"}; ./gridlake lake restore undoes several`,
      details: { table: table.basePath, instant, newest: newest?.timestamp ?? null },
    });
  }
  if (!before) {
    throw new GridlakeError("LAKE_NOTHING_BEFORE", `${instant} is the only write of ${table.basePath}`, {
      remedy: "delete the table's folder to begin anew",
      details: { table: table.basePath, instant },
    });
  }
  return restoreTable(table, { to: before.timestamp, dryRun });
}
