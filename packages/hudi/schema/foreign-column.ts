import { GridlakeError } from "@gridlake/kernel";
import type { AvroField, AvroType } from "./avro-names.ts";
import type { Column } from "./column.ts";
import { sqlName } from "./sql-text.ts";

// What another engine's declaration of a column (`Column.avro`) demands of whoever writes it.

/**
 * Whether a row could break what another engine declared of a column: a null where it allows none inside a list, struct
 * or map, or µs where it keeps ms. SQL that is true of such a row, or null when there is nothing to look for.
 */
export function misfitSql(column: Column): string | null {
  const value = sqlName(column.name);
  if (isInMs(column.avro)) return `epoch_us(${value}) % 1000 <> 0`;
  return column.avro === undefined ? null : nullInside(column.avro, value, 0);
}

function nullInside(avro: AvroType, value: string, depth: number): string | null {
  if (typeof avro === "string" || Array.isArray(avro)) return null;
  if (avro.type === "array") return anyElement(avro["items"] as AvroType, value, depth);
  if (avro.type === "map") return anyElement(avro["values"] as AvroType, `map_values(${value})`, depth);
  if (avro.type !== "record") return null;
  const found = (avro["fields"] as AvroField[]).flatMap((field) => {
    const nulls = broken(field.type, `${value}.${sqlName(field.name)}`, depth);
    return nulls === null ? [] : [nulls];
  });
  // the fields of a struct that is null are null too
  return found.length === 0 ? null : `(${value} IS NOT NULL AND (${found.join(" OR ")}))`;
}

function anyElement(avro: AvroType, list: string, depth: number): string | null {
  const element = `e${depth}`;
  const nulls = broken(avro, element, depth + 1);
  return nulls && `len(list_filter(${list}, lambda ${element}: ${nulls})) > 0`;
}

/** SQL that is true of a value that is null against its declaration, or has such a one in it. */
function broken(avro: AvroType, value: string, depth: number): string | null {
  const members = Array.isArray(avro) ? avro : [avro];
  const type = members.find((member) => member !== "null") ?? "null";
  const inside = nullInside(type, value, depth);
  if (members.includes("null")) return inside;
  return inside === null ? `${value} IS NULL` : `(${value} IS NULL OR ${inside})`;
}

/**
 * @throws HUDI_COLUMN_TYPE for a column that another engine declared in a way that can be read but not written here.
 */
export function checkWritable(columns: readonly Column[]): void {
  for (const { name, avro } of columns) {
    const reason = avro === undefined ? null : unwritable(avro, true);
    if (reason === null) continue;
    throw new GridlakeError(
      "HUDI_COLUMN_TYPE",
      `the column ${name} is declared as ${reason}, which can be read here but not written`,
      {
        remedy: "write the table with the engine that declared the column, or have it convert the column",
        details: { column: name, avro },
      },
    );
  }
}

function unwritable(avro: AvroType, top: boolean): string | null {
  if (typeof avro === "string") return null;
  if (Array.isArray(avro)) return first(avro, (member) => unwritable(member, top));
  const logical = avro["logicalType"];
  if (avro.type === "enum") return "an enum";
  if (logical === "decimal") return null;
  if (avro.type === "fixed") return "bytes of a fixed length";
  if (logical === "time-millis") return "a time in ms";
  if (!top && isInMs(avro)) return "a timestamp in ms inside another type";
  if (avro["items"] !== undefined) return unwritable(avro["items"] as AvroType, false);
  if (avro["values"] !== undefined) return unwritable(avro["values"] as AvroType, false);
  return first((avro["fields"] as AvroField[] | undefined) ?? [], (field) => unwritable(field.type, false));
}

function first<T>(all: readonly T[], find: (one: T) => string | null): string | null {
  for (const one of all) {
    const found = find(one);
    if (found !== null) return found;
  }
  return null;
}

/** Whether it is a timestamp of ms, not µs. */
export function isInMs(avro: AvroType | undefined): boolean {
  if (avro === undefined || typeof avro === "string" || Array.isArray(avro)) return false;
  return /^(local-)?timestamp-millis$/.test(String(avro["logicalType"]));
}
