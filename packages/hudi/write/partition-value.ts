import type { PartitionValues } from "../file-group/partition-path.ts";
import { sqlName, sqlText } from "../schema/sql-text.ts";

// A partition's value is one text, by which rows are grouped and compared: that of the partition column; of several columns
// their texts as a JSON array, `["north",null]`. Null: of one column that it has none, or that the table has no partitions.

/** The value of rows `of`, as SQL. */
export function partitionValueSql(fields: readonly string[], of?: string): string {
  const names = fields.map((field) => (of === undefined ? sqlName(field) : `${of}.${sqlName(field)}`));
  const [only = "NULL", ...more] = names;
  if (more.length === 0) return only;
  return `CAST(to_json([${names.map((name) => `CAST(${name} AS VARCHAR)`).join(", ")}]) AS VARCHAR)`;
}

/** Of staged rows `s` those of a partition; null in a table without partitions. */
export function partitionIs(fields: readonly string[], value: string | null): string | null {
  if (fields.length === 0) return null;
  const values = valuesOf(fields, value);
  return fields
    .map((field, i) => {
      const of = values[i] ?? null;
      return of === null ? `s.${sqlName(field)} IS NULL` : `s.${sqlName(field)} = ${sqlText(of)}`;
    })
    .join(" AND ");
}

/** The values of the columns, in their order. */
export function valuesOf(fields: readonly string[], value: string | null): PartitionValues {
  return fields.length > 1 && value !== null ? (JSON.parse(value) as PartitionValues) : [value];
}

/** The other way round. */
export function partitionValueOf(values: PartitionValues): string | null {
  return values.length > 1 ? JSON.stringify(values) : (values[0] ?? null);
}

/** Whether two relations' rows are of one partition. A partition value may be null. */
export function samePartition(fields: readonly string[], left: string, right: string): string[] {
  return fields.map((field) => `${left}.${sqlName(field)} IS NOT DISTINCT FROM ${right}.${sqlName(field)}`);
}
