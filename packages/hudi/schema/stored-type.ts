import { schemaTree, setTimestampIsUtc } from "../parquet/schema-tree.ts";
import type { ThriftStruct } from "../parquet/thrift-compact.ts";
import { type Column, META_COLUMNS } from "./column.ts";
import { isInMs } from "./foreign-column.ts";
import { sqlName } from "./sql-text.ts";

// Timestamps that another engine declared in ms must be stored in ms: Flink reads the number by its table's type, not by
// the file's.

/**
 * The rows of a SELECT of the meta columns and these, as a COPY to Parquet must write them. Its footer must then be
 * declared.
 */
export function storedRowsSql(columns: readonly Column[], sql: string): string {
  // the relation as it is, where it is stored as it is
  if (!columns.some(({ avro }) => isInMs(avro))) return sql;
  const stored = columns.map((column) => {
    const name = sqlName(column.name);
    if (!isInMs(column.avro)) return name;
    // timezone() takes an instant to what a clock in UTC shows, whatever the session's time zone is
    const clock = column.type === "TIMESTAMPTZ" ? `timezone('UTC', ${name})` : name;
    return `CAST(${clock} AS TIMESTAMP_MS) AS ${name}`;
  });
  return `SELECT ${[...META_COLUMNS, ...stored].join(", ")} FROM (${sql})`;
}

/** Says in a footer what the columns that `storedRowsSql` gave are. */
export function declareStored(footer: ThriftStruct, columns: readonly Column[]): void {
  const instants = columns.filter(({ type, avro }) => type === "TIMESTAMPTZ" && isInMs(avro));
  if (instants.length === 0) return;
  for (const node of schemaTree(footer).children) {
    if (instants.some(({ name }) => name === node.name)) setTimestampIsUtc(node);
  }
}
