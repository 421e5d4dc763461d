import type { BaseFile } from "../file-group/base-file.ts";
import { BUCKET_COLUMN } from "../index/bucket.ts";
import { type Column, META_COLUMNS } from "../schema/column.ts";
import { projectionSql } from "../schema/projection.ts";
import { readParquet, sqlName, sqlNames, sqlText } from "../schema/sql-text.ts";
import { recordKeySql } from "../table/record-key.ts";
import type { FileTask, WriteContext } from "./base-file-writer.ts";
import { LOCAL_ROWS } from "./task-rows.ts";
import { notTagged } from "./tag.ts";
import { partitionValueSql } from "./partition-value.ts";

// the name under which read_parquet gives a row's file; no column can be called so
const FILE = "_hoodie_local_file";

export interface NumberedTask {
  task: FileTask;
  /** The file's own in its commit. */
  number: number;
  /** Its predecessor on this machine. */
  previousPath: string | null;
}

/**
 * The SELECT of the rows of several tasks: for each what `taskRows` gives, but in `_hoodie_file_name` the file's number. One
 * scan of all predecessors and two of the staged rows, however many tasks there are.
 */
export async function batchRows(context: WriteContext, tasks: readonly NumberedTask[]): Promise<string> {
  const parts: string[] = [];
  for (const { columns, files } of await bySchema(context, tasks))
    parts.push(stayedSql(context, columns, files));
  const updated = tasks.filter(({ task }) => task.updates > 0);
  if (updated.length > 0) parts.push(updatesSql(context, updated));
  const inserted = tasks.filter(({ task }) => task.inserts !== null);
  if (inserted.length > 0) parts.push(insertsSql(context, inserted));
  return parts.join(" UNION ALL ");
}

interface Stayed {
  path: string;
  number: number;
}

/** The predecessors, together with those that were written under the same columns. */
async function bySchema(
  { columnsOf }: WriteContext,
  tasks: readonly NumberedTask[],
): Promise<Iterable<{ columns: readonly Column[]; files: Stayed[] }>> {
  const found = new Map<string, { columns: readonly Column[]; files: Stayed[] }>();
  for (const { task, number, previousPath } of tasks) {
    if (previousPath === null) continue;
    const columns = await columnsOf(task.previous as BaseFile);
    const schema = JSON.stringify(columns);
    const same = found.get(schema) ?? { columns, files: [] };
    same.files.push({ path: previousPath, number });
    found.set(schema, same);
  }
  return found.values();
}

function stayedSql(
  { columns, tags }: WriteContext,
  from: readonly Column[],
  files: readonly Stayed[],
): string {
  const [time, seqno, key, path, name] = META_COLUMNS;
  const list = files.map((file) => `(${sqlText(file.path)}, ${file.number})`).join(", ");
  const paths = files.map((file) => file.path);
  const gone =
    tags === null
      ? ""
      : `ANTI JOIN (SELECT f, n FROM ${tags.name} WHERE f IS NOT NULL) t ON b.${FILE} = t.f AND b.file_row_number = t.n`;
  return (
    `SELECT ${sqlNames([time, seqno, key], "b")}, NULL AS ${path}, CAST(k.number AS VARCHAR) AS ${name}, ` +
    `${projectionSql(columns, { from, of: "b" }).join(", ")} ` +
    `FROM ${readParquet(paths, `filename = ${sqlText(FILE)}`, "file_row_number = true")} b ` +
    `JOIN (VALUES ${list}) k(path, number) ON b.${FILE} = k.path ${gone}`
  );
}

/** What a commit gives its own rows, of staged rows `s` and files `k`. */
function stagedSql({ config, columns, instant, upserts }: WriteContext): string {
  const [time, seqno, key, path, name] = META_COLUMNS;
  return (
    `SELECT ${sqlText(instant)} AS ${time}, ` +
    `${sqlText(`${instant}_`)} || k.number || '_' || (s.rowid % ${LOCAL_ROWS}) AS ${seqno}, ` +
    `${recordKeySql(columns, config, "s")} AS ${key}, NULL AS ${path}, CAST(k.number AS VARCHAR) AS ${name}, ` +
    `${sqlNames(
      columns.map((column) => column.name),
      "s",
    )} FROM ${upserts} s`
  );
}

function updatesSql(context: WriteContext, tasks: readonly NumberedTask[]): string {
  const list = tasks.map(({ previousPath, number }) => `(${sqlText(previousPath ?? "")}, ${number})`);
  return (
    `${stagedSql(context)} JOIN (SELECT DISTINCT f, r FROM ${context.tags?.name} WHERE f IS NOT NULL AND r IS NOT NULL) t ` +
    `ON s.rowid = t.r JOIN (VALUES ${list.join(", ")}) k(path, number) ON t.f = k.path`
  );
}

function insertsSql(context: WriteContext, tasks: readonly NumberedTask[]): string {
  const { config, tags } = context;
  const list = tasks.map(({ task: { partitionValue, bucket = null, inserts }, number }) => {
    const value = partitionValue === null ? "NULL" : sqlText(partitionValue);
    const [from, to] = [inserts?.from ?? "NULL", inserts?.to ?? "NULL"];
    return `(${number}, CAST(${value} AS VARCHAR), CAST(${bucket ?? "NULL"} AS INTEGER), CAST(${from} AS BIGINT), CAST(${to} AS BIGINT))`;
  });
  const conditions = ["(k.low IS NULL OR s.rowid >= k.low)", "(k.high IS NULL OR s.rowid < k.high)"];
  if (config.partitionFields.length > 0) {
    conditions.unshift(`${partitionValueSql(config.partitionFields, "s")} IS NOT DISTINCT FROM k.value`);
  }
  if (config.index.kind === "bucket") conditions.unshift(`s.${sqlName(BUCKET_COLUMN)} = k.bucket`);
  return (
    `${stagedSql(context)} ${tags === null ? "" : notTagged(tags)} ` +
    `JOIN (VALUES ${list.join(", ")}) k(number, value, bucket, low, high) ON ${conditions.join(" AND ")}`
  );
}
