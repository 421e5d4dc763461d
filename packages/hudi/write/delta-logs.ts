import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogFile } from "../file-group/file-slice.ts";
import { directoryOf } from "../file-group/partition-metadata.ts";
import type { DeleteRecord } from "../log-file/delete-block.ts";
import { writeLogFile, type WrittenLog } from "../log-file/log-file-writer.ts";
import type { OrderingValue } from "../log-file/ordering-value.ts";
import { toAvroSchema, withMetaColumns } from "../schema/avro-schema.ts";
import { recordKeySql } from "../table/record-key.ts";
import type { TableState } from "../table/table-state.ts";
import type { WriteStat } from "../timeline/commit-metadata.ts";
import type { Change } from "./change.ts";
import { type DeltaGroup, nameLog, type NamedLog } from "./delta-group.ts";
import { finishRows, partRows } from "./delta-rows.ts";
import { leaveMarker } from "./marker.ts";

/** File groups whose rows one COPY parts: DuckDB keeps up to 100 files open, and beyond makes several of one group. */
const GROUPS_AT_ONCE = 64;
/** Log files made durable side by side. */
const FILES_AT_ONCE = 8;

/** How Hudi spells that a delete holds whatever the ordering value of the row that it takes away. */
const ANY_ORDER: OrderingValue = { kind: "int", value: 0 };

export interface WrittenDelta {
  log: LogFile;
  stat: WriteStat;
}

interface DeltaWrite {
  state: TableState;
  change: Change;
  timestamp: string;
  /** By `groupKey`. */
  compacting: ReadonlyMap<string, string>;
  /** The Avro schema of the rows, with the meta columns, as JSON. */
  schema: string;
}

/**
 * Writes a log file per file group, durable: the rows that the change's delta table gives it as a Parquet block, then its
 * deletes. `groups[g]` is the group whose number there is `g`.
 */
export async function writeDeltaLogs(
  write: Omit<DeltaWrite, "schema">,
  groups: readonly DeltaGroup[],
): Promise<WrittenDelta[]> {
  const { storage, basePath, config, columns } = write.state;
  const schema = JSON.stringify(withMetaColumns(toAvroSchema(config.name, columns)));
  const written: WrittenDelta[] = [];
  for (let from = 0; from < groups.length; from += GROUPS_AT_ONCE) {
    const some = groups.slice(from, from + GROUPS_AT_ONCE);
    const scratch = await mkdtemp(join(tmpdir(), "gridlake-hudi-delta-"));
    try {
      const { state, change } = write;
      const rows = await partRows(state, change, { groups: some, from, into: join(scratch, "rows") });
      written.push(...(await writeAll({ ...write, schema }, { groups: some, from, rows })));
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
  for (const partition of new Set(groups.map(({ slice }) => slice.partition))) {
    await storage.syncDirectory(directoryOf(basePath, partition));
  }
  return written;
}

/** Some of the groups, of which the first has the number `from`. */
interface Batch {
  groups: readonly DeltaGroup[];
  from: number;
}

async function writeAll(
  write: DeltaWrite,
  { groups, from, rows }: Batch & { rows: ReadonlyMap<number, string> },
): Promise<WrittenDelta[]> {
  const written: WrittenDelta[] = [];
  for (let at = 0; at < groups.length; at += FILES_AT_ONCE) {
    const some = groups.slice(at, at + FILES_AT_ONCE);
    const deletes = await deletesOf(write, { groups: some, from: from + at });
    const results = await Promise.allSettled(
      some.map((group, i) => {
        const number = from + at + i;
        const content = { rows: rows.get(number) ?? null, deletes: deletes.get(number) ?? [] };
        return writeLog(write, group, { number, ...content });
      }),
    );
    // all have ended: none goes on writing once this commit has failed and given up its lock
    for (const result of results) {
      if (result.status === "rejected") throw result.reason;
      written.push(result.value);
    }
  }
  return written;
}

async function deletesOf(
  { state, change }: DeltaWrite,
  { groups, from }: Batch,
): Promise<Map<number, DeleteRecord[]>> {
  const found = new Map<number, DeleteRecord[]>();
  if (change.deletes === null || groups.every(({ deletes }) => deletes === 0)) return found;
  const { columns, config } = state;
  const reader = await change.connection.runAndReadAll(
    `SELECT d.g, ${recordKeySql(columns, config, "s")} FROM ${change.deletes.name} s
     JOIN ${change.deltaName} d ON s.rowid = d.d WHERE d.g >= ${from} AND d.g < ${from + groups.length}`,
  );
  const [numbers = [], keys = []] = reader.getColumnsJS();
  for (const [i, number] of numbers.entries()) {
    const group = Number(number);
    const partition = groups[group - from]?.slice.partition ?? "";
    let records = found.get(group);
    if (!records) found.set(group, (records = []));
    records.push({ key: String(keys[i]), partition, ordering: config.ordering === null ? null : ANY_ORDER });
  }
  return found;
}

async function writeLog(
  { state, timestamp, compacting, schema }: DeltaWrite,
  group: DeltaGroup,
  content: { number: number; rows: string | null; deletes: DeleteRecord[] },
): Promise<WrittenDelta> {
  const { storage, basePath, columns } = state;
  const { number, rows, deletes } = content;
  const log = nameLog(state, group, { timestamp, number, compacting });
  await leaveMarker(state, {
    timestamp,
    path: log.path,
    kind: state.config.layout.version === 1 ? "APPEND" : "CREATE",
  });
  const { partition, fileId } = group.slice;
  if (rows !== null) {
    await finishRows(rows, { columns, schema, timestamp, group: { number, partition, fileId } });
  }
  const written = await writeLogFile(storage, `${basePath}/${log.path}`, {
    instant: timestamp,
    schema,
    rows,
    deletes,
  });
  return { log: { ...log, sizeBytes: written.sizeBytes }, stat: logStat(log, group, written) };
}

/** What a commit says of a log file. */
function logStat(
  log: NamedLog,
  { updates, unlocated }: DeltaGroup,
  { sizeBytes, deletes }: WrittenLog,
): WriteStat {
  return {
    fileId: log.fileId,
    path: log.path,
    prevCommit: log.prevCommit,
    prevBaseFile: null,
    partitionPath: log.partition,
    numWrites: updates + unlocated,
    numInserts: 0,
    // what Hudi's own bucket index says of rows that it has not looked for
    numUpdateWrites: updates + unlocated,
    numDeletes: deletes,
    totalWriteBytes: sizeBytes,
    fileSizeInBytes: sizeBytes,
    totalWriteErrors: 0,
    logVersion: log.version,
    logOffset: 0,
    baseFile: log.baseFile,
    logFiles: [log.name],
  };
}
