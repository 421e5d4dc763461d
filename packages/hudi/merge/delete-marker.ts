import { sqlName, sqlText } from "../schema/sql-text.ts";

/** What says of a row in a log file that it is a deletion: a column, and the texts of its values that mean so. */
export interface DeleteMarker {
  column: string;
  values: readonly string[];
}

/** Hudi's own: a flag that the writer sets, and the kind of change that Flink keeps. */
const ALWAYS: readonly DeleteMarker[] = [
  { column: "_hoodie_is_deleted", values: ["true"] },
  { column: "_hoodie_operation", values: ["D", "-U"] },
];
const FIELD = "hoodie.payload.delete.field";
const VALUE = "hoodie.payload.delete.marker";
/** Before the names of properties from table version 9 on. */
const LATER = "hoodie.record.merge.property.";

/** Those of a table: Hudi's, and one that it may have been given. */
export function deleteMarkers(properties: ReadonlyMap<string, string>): DeleteMarker[] {
  const given = (name: string) => properties.get(LATER + name) ?? properties.get(name);
  const column = given(FIELD);
  const value = given(VALUE);
  return column && value ? [...ALWAYS, { column, values: [value] }] : [...ALWAYS];
}

/** SQL that is true of a row that is a deletion; `columns` are those that the rows have. */
export function isDeletedSql(
  markers: readonly DeleteMarker[],
  columns: { has(name: string): boolean },
): string {
  const conditions = markers
    .filter(({ column }) => columns.has(column))
    .map(
      ({ column, values }) =>
        `coalesce(CAST(${sqlName(column)} AS VARCHAR) IN (${values.map(sqlText).join(", ")}), false)`,
    );
  return conditions.length === 0 ? "false" : `(${conditions.join(" OR ")})`;
}
