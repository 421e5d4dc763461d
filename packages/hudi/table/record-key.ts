import { GridlakeError } from "@gridlake/kernel";
import type { Column } from "../schema/column.ts";
import { sqlName, sqlText } from "../schema/sql-text.ts";

// Hudi turns a key into text; these are the types for which every engine's text is the same
const KEY_TYPES = new Set(["VARCHAR", "BIGINT", "INTEGER"]);
/** How a complex key spells an empty text. */
const EMPTY = "__empty__";

/** @throws HUDI_KEY_TYPE, HUDI_COLUMN_MISSING */
export function checkRecordKey(columns: readonly Column[], recordKey: readonly string[]): void {
  if (recordKey.length === 0) {
    throw new GridlakeError("HUDI_COLUMN_MISSING", "the table has no record key", {
      remedy: "name at least one column that tells the rows apart",
    });
  }
  for (const name of recordKey) {
    const { type } = findColumn(columns, name);
    if (!KEY_TYPES.has(type)) {
      throw new GridlakeError("HUDI_KEY_TYPE", `the record key column ${name} is ${type}`, {
        remedy:
          "use VARCHAR, BIGINT or INTEGER; of a timestamp its epoch in µs (engines disagree on a timestamp's text, and doubled its rows)",
        details: { column: name, type },
      });
    }
  }
}

/** @throws HUDI_COLUMN_MISSING */
export function findColumn(columns: readonly Column[], name: string): Column {
  const column = columns.find((one) => one.name === name);
  if (column) return column;
  throw new GridlakeError("HUDI_COLUMN_MISSING", `there is no column ${name}`, {
    remedy: `the columns are ${columns.map((one) => one.name).join(", ")}`,
    details: { column: name },
  });
}

/**
 * The SQL of `_hoodie_record_key`: the key's text, or with its columns named `device:M1,seq:7`, as Hudi's key generators
 * write it.
 */
export function recordKeySql(
  columns: readonly Column[],
  { recordKey, namesKeys }: { recordKey: readonly string[]; namesKeys: boolean | null },
  of: string,
): string {
  const text = (name: string) => {
    const column = `${of}.${sqlName(name)}`;
    if (findColumn(columns, name).type !== "VARCHAR") return `CAST(${column} AS VARCHAR)`;
    // of one column the empty text is refused
    return recordKey.length === 1 ? column : `CASE WHEN ${column} = '' THEN '${EMPTY}' ELSE ${column} END`;
  };
  const [first = ""] = recordKey;
  if (namesKeys !== true) return text(first);
  return recordKey
    .map((name, i) => `${sqlText(`${i === 0 ? "" : ","}${name}:`)} || ${text(name)}`)
    .join(" || ");
}
