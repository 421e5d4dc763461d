import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert } from "@gridlake/kernel";
import type { LogFile } from "../file-group/file-slice.ts";
import { directoryOf } from "../file-group/partition-metadata.ts";
import type { DeleteRecord } from "../log-file/delete-block.ts";
import { writeLogFile, type WrittenLog } from "../log-file/log-file-writer.ts";
import type { OrderingValue } from "../log-file/ordering-value.ts";
import { editFooter, setKeyValues, stripIntegerAnnotations } from "../parquet/footer.ts";
import { toAvroSchema, withMetaColumns } from "../schema/avro-schema.ts";
import { META_COLUMNS } from "../schema/column.ts";
import { sqlNames, sqlText } from "../schema/sql-text.ts";
import { declareStored, storedRowsSql } from "../schema/stored-type.ts";
import { recordKeySql } from "../table/record-key.ts";
import type { TableState } from "../table/table-state.ts";
import type { WriteStat } from "../timeline/commit-metadata.ts";
import type { Change } from "./change.ts";
import { type DeltaGroup, nameLog, type NamedLog } from "./delta-group.ts";
import { leaveMarker } from "./marker.ts";
import { rowsOf } from "./rows-of.ts";

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
      const rows = await partRows(write, { groups: some, from, into: join(scratch, "rows") });
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

/** Writes the rows of each group into a Parquet file of its own, with one COPY. */
async function partRows(
  { state, change, timestamp }: Omit<DeltaWrite, "schema">,
  { groups, from, into }: Batch & { into: string },
): Promise<Map<number, string>> {
  const { columns, config } = state;
  if (change.upserts === null || groups.every(({ updates, unlocated }) => updates + unlocated === 0)) {
    return new Map();
  }
  const [time, seqno, key, path, fileName] = META_COLUMNS;
  const ids = groups.map(
    ({ slice }, i) => `(${from + i}, ${sqlText(slice.partition)}, ${sqlText(slice.fileId)})`,
  );
  const own = columns.map((column) => column.name);
  const rows =
    `SELECT ${sqlText(timestamp)} AS ${time}, ` +
    `${sqlText(`${timestamp}_`)} || d.g || '_' || row_number() OVER (PARTITION BY d.g) AS ${seqno}, ` +
    `${recordKeySql(columns, config.recordKey, "s")} AS ${key}, v.partition AS ${path}, v.id AS ${fileName}, ` +
    `${sqlNames(own, "s")} FROM ${change.upserts.name} s JOIN ${change.deltaName} d ON s.rowid = d.r ` +
    `JOIN (VALUES ${ids.join(", ")}) v(g, partition, id) ON d.g = v.g`;
  // in log files, as Hudi's own, a row's file name is the id of its group
  const files = await rowsOf(
    change.connection,
    `COPY (${storedRowsSql(columns, rows)}) TO ${sqlText(into)} (FORMAT parquet, COMPRESSION zstd, ` +
      `PARTITION_BY (${fileName}), WRITE_PARTITION_COLUMNS true, RETURN_STATS)`,
  );
  const numbers = new Map(groups.map(({ slice }, i) => [slice.fileId, from + i]));
  const parted = new Map<number, string>();
  for (const file of files) {
    const [keys] = file["partition_keys"] as unknown as { value: string }[];
    const number = numbers.get(keys?.value ?? "");
    assert(number !== undefined && !parted.has(number), `COPY parted the rows of ${keys?.value} wrongly`);
    parted.set(number, String(file["filename"]));
  }
  return parted;
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
    `SELECT d.g, ${recordKeySql(columns, config.recordKey, "s")} FROM ${change.deletes.name} s
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
  const log = nameLog(state, group.slice, { timestamp, number, compacting });
  await leaveMarker(state, {
    timestamp,
    path: log.path,
    kind: state.config.layout.version === 1 ? "APPEND" : "CREATE",
  });
  if (rows !== null) {
    await editFooter(rows, (footer) => {
      stripIntegerAnnotations(footer);
      declareStored(footer, columns);
      setKeyValues(footer, { "parquet.avro.schema": schema, "writer.model.name": "avro" });
    });
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
