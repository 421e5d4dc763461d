import type { DuckDBConnection } from "@duckdb/node-api";
import { GridlakeError } from "@gridlake/kernel";
import type { BaseFile } from "../../file-group/base-file.ts";
import type { FileSlice, LogFile } from "../../file-group/file-slice.ts";
import { directoryOf, ensurePartition } from "../../file-group/partition-metadata.ts";
import type { TableState } from "../../table/table-state.ts";
import type { Instant } from "../../timeline/instant.ts";
import type { WriteStat } from "../../timeline/commit-metadata.ts";
import type { Attempt } from "../../write/attempt.ts";
import { baseFileStat, nameFile, writeRows } from "../../write/base-file-writer.ts";
import type { Written } from "../../write/instant-writer.ts";
import { leaveMarker } from "../../write/marker.ts";
import { mergedRowsSql } from "./merged-rows.ts";
import type { PendingCompaction, PlannedSlice } from "./pending.ts";

/**
 * Merges the slices of a plan, each into a base file of the plan's instant. No row changes by it, so each keeps the commit
 * that wrote it.
 */
export async function mergeSlices(
  state: TableState,
  connection: DuckDBConnection,
  { instant, slices }: PendingCompaction,
  attempt: Attempt,
): Promise<Written> {
  const { storage, basePath, config, columns } = state;
  const { timestamp } = instant;
  const context = { connection, storage, basePath, config, columns, instant: timestamp };
  const stats: WriteStat[] = [];
  const bases: BaseFile[] = [];
  for (const [number, planned] of slices.entries()) {
    const { partition } = planned;
    const slice = sliceOf(state, planned, instant);
    await attempt.assertOurs();
    await ensurePartition(storage, { basePath, partition, instant: timestamp });
    const named = nameFile({ partition, previous: slice }, timestamp, number, attempt.token);
    attempt.made.push(named.path);
    await leaveMarker(state, { timestamp, path: named.path, kind: slice.base ? "MERGE" : "CREATE" });
    const select = await mergedRowsSql(state, slice, named.name);
    const { file, rows } = await writeRows(context, { partition, named, select });
    const counts = { numWrites: rows, numInserts: 0, numUpdateWrites: 0, numDeletes: 0 };
    stats.push({
      ...baseFileStat(file, slice.base, counts),
      totalLogFilesCompacted: slice.logs.length,
      totalLogSizeCompacted: await sizeOf(state, slice.logs),
    });
    bases.push(file);
  }
  for (const partition of new Set(slices.map((slice) => slice.partition))) {
    await storage.syncDirectory(directoryOf(basePath, partition));
  }
  return { stats, bases };
}

async function sizeOf(state: TableState, logs: readonly LogFile[]): Promise<number> {
  let bytes = 0;
  for (const log of logs) bytes += await state.sizeOf(log);
  return bytes;
}

/** The files that a plan speaks of. @throws HUDI_FILE_MISSING */
function sliceOf({ view, basePath }: TableState, planned: PlannedSlice, instant: Instant): FileSlice {
  const { partition, fileId } = planned;
  const group = view.group(partition, fileId);
  const missing = (name: string) =>
    new GridlakeError(
      "HUDI_FILE_MISSING",
      `${basePath} has lost ${name}, which the compaction ${instant.timestamp} is to merge`,
      {
        remedy: "restore the file, or take the compaction's requested file off the timeline",
        details: { basePath, partition, file: name, instant: instant.timestamp },
      },
    );
  const base = planned.base === null ? null : group?.bases.find(({ name }) => name === planned.base);
  if (base === undefined) throw missing(planned.base ?? "");
  const logs = planned.logs.map((name) => {
    const log = group?.logs.find((one) => one.name === name);
    if (!log) throw missing(name);
    return log;
  });
  const baseInstant = base?.instant ?? logs[0]?.instant ?? instant.timestamp;
  return { partition, fileId, baseInstant, base, logs };
}
