import { BUCKET_COLUMN } from "../index/bucket.ts";
import { type Column, META_COLUMNS } from "../schema/column.ts";
import { projectionSql } from "../schema/projection.ts";
import { readParquet, sqlName, sqlNames, sqlText } from "../schema/sql-text.ts";
import { recordKeySql } from "../table/record-key.ts";
import type { FileTask, NamedFile, WriteContext } from "./base-file-writer.ts";
import { partitionIs } from "./partition-value.ts";
import { notTagged } from "./tag.ts";

/** DuckDB numbers the rows of a transaction's own tables from here. */
export const LOCAL_ROWS = "36028797018960000";

/** The SELECT of a task's rows, the meta columns first, and where its predecessor is on this machine. */
export async function taskRows(
  context: WriteContext,
  task: FileTask,
  { name, number }: NamedFile,
): Promise<{ select: string; previousPath: string | null }> {
  const { storage, basePath } = context;
  const { previous } = task;
  if (previous === null)
    return { select: rowsSql(context, task, { name, number, stayed: null }), previousPath: null };
  const [path = ""] = await storage.localPaths([`${basePath}/${previous.path}`]);
  const stayed = { path, columns: await context.columnsOf(previous) };
  return { select: rowsSql(context, task, { name, number, stayed }), previousPath: path };
}

function rowsSql(
  { config, columns, instant, upserts, tags }: WriteContext,
  task: FileTask,
  {
    name,
    number,
    stayed,
  }: { name: string; number: number; stayed: { path: string; columns: readonly Column[] } | null },
): string {
  const own = columns.map((column) => column.name);
  const [time, seqno, key, path, fileName] = META_COLUMNS;
  const parts: string[] = [];
  const tagged = task.updates + task.deletes > 0;
  const file = sqlText(stayed?.path ?? "");
  if (stayed) {
    const present = projectionSql(columns, { from: stayed.columns, of: "b" });
    const gone = tagged
      ? `ANTI JOIN (SELECT n FROM ${tags?.name} WHERE f = ${file}) t ON b.file_row_number = t.n`
      : "";
    parts.push(
      `SELECT ${sqlNames([time, seqno, key, path], "b")}, ${sqlText(name)} AS ${fileName}, ${present.join(", ")}
       FROM ${readParquet([stayed.path], ...(tagged ? ["file_row_number = true"] : []))} b ${gone}`,
    );
  }
  const staged =
    `SELECT ${sqlText(instant)} AS ${time}, ${sqlText(`${instant}_${number}_`)} || (s.rowid % ${LOCAL_ROWS}) AS ${seqno}, ` +
    `${recordKeySql(columns, config, "s")} AS ${key}, ${sqlText(task.partition)} AS ${path}, ` +
    `${sqlText(name)} AS ${fileName}, ${sqlNames(own, "s")} FROM ${upserts} s`;
  if (task.updates > 0) {
    parts.push(`${staged} SEMI JOIN (SELECT r FROM ${tags?.name} WHERE f = ${file}) t ON s.rowid = t.r`);
  }
  if (task.inserts) {
    const fresh = tags === null ? "" : notTagged(tags);
    const where = insertFilter(config.partitionFields, task);
    parts.push(`${staged} ${fresh} ${where}`);
  }
  return parts.join(" UNION ALL ");
}

function insertFilter(
  partitionFields: readonly string[],
  { partitionValue, inserts, bucket = null }: FileTask,
): string {
  const { from = null, to = null } = inserts ?? {};
  const conditions = [partitionIs(partitionFields, partitionValue)].filter((one) => one !== null);
  if (bucket !== null) conditions.push(`s.${sqlName(BUCKET_COLUMN)} = ${bucket}`);
  if (from !== null) conditions.push(`s.rowid >= ${from}`);
  if (to !== null) conditions.push(`s.rowid < ${to}`);
  return conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
}
