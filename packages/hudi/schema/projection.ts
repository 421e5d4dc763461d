import { GridlakeError } from "@gridlake/kernel";
import { type Column, META_COLUMNS, typeOf } from "./column.ts";
import { sqlName } from "./sql-text.ts";
import { type DataType, formatType } from "./type.ts";

const INTEGERS = new Set(["INTEGER", "BIGINT"]);

/**
 * The select list that gives rows written with the columns `from` as rows of the columns `to`: those missing as NULL, those
 * widened since cast, and the meta columns where `to` names them. The values are those that Spark reads from such rows.
 * @param of the relation's alias
 * @throws HUDI_SCHEMA_EVOLUTION
 */
export function projectionSql(
  to: readonly Column[],
  { from, of }: { from: readonly Column[]; of?: string },
): string[] {
  const written = new Map(from.map((column) => [column.name, column]));
  return to.map((column) => {
    const name = sqlName(column.name);
    const value = of === undefined ? name : `${of}.${name}`;
    if (isMeta(column.name)) return value;
    const source = written.get(column.name);
    if (!source) return `CAST(NULL AS ${column.type}) AS ${name}`;
    // texts are compared first: most columns have never changed
    const changed =
      source.type === column.type ? null : castSql(typeOf(source), typeOf(column), value, column.name);
    return changed === null ? value : `${changed} AS ${name}`;
  });
}

/** Whether rows written with the columns `from` are rows of the columns `to` as they are, but for what `to` leaves out. */
export function isProjected(to: readonly Column[], from: readonly Column[]): boolean {
  const written = new Map(from.map(({ name, type }) => [name, type]));
  return to.every(({ name, type }) => isMeta(name) || written.get(name) === type);
}

function isMeta(name: string): boolean {
  return META_COLUMNS.some((meta) => meta === name);
}

/** SQL that turns a value of one type into one of another; null when they are the same. */
function castSql(from: DataType, to: DataType, value: string, path: string, depth = 0): string | null {
  const spelt = formatType(to);
  if (formatType(from) === spelt) return null;
  const inner = `e${depth}`;
  if (from.kind === "list" && to.kind === "list") {
    const element = castSql(from.element, to.element, inner, `${path}[]`, depth + 1);
    return `list_transform(${value}, lambda ${inner}: ${element ?? inner})`;
  }
  if (from.kind === "map" && to.kind === "map") {
    const changed = castSql(from.value, to.value, inner, `${path}{}`, depth + 1) ?? inner;
    const values = `list_transform(map_values(${value}), lambda ${inner}: ${changed})`;
    return unlessNull(value, `map(map_keys(${value}), ${values})`);
  }
  if (from.kind === "struct" && to.kind === "struct") {
    const fields = to.fields.map(({ name, type }) => {
      const source = from.fields.find((field) => field.name === name);
      const part = `${value}.${sqlName(name)}`;
      const changed = source
        ? castSql(source.type, type, part, `${path}.${name}`, depth)
        : `CAST(NULL AS ${formatType(type)})`;
      return `${sqlName(name)} := ${changed ?? part}`;
    });
    return unlessNull(value, `struct_pack(${fields.join(", ")})`);
  }
  if (from.kind === "plain" && to.kind === "plain") {
    const sql = plainCast(from.name, to.name, value);
    if (sql !== null) return sql;
  }
  if (from.kind === "decimal" && to.kind === "decimal" && holds(to, from))
    return `CAST(${value} AS ${spelt})`;
  throw new GridlakeError(
    "HUDI_SCHEMA_EVOLUTION",
    `the column ${path} is ${spelt} now, and ${formatType(from)} in older files`,
    {
      remedy: "rewrite the table with the engine that changed the column's type",
      details: { column: path, from: formatType(from), to: spelt },
    },
  );
}

function plainCast(from: string, to: string, value: string): string | null {
  // Spark goes over the text, so that 1.1 stays 1.1
  if (from === "FLOAT" && to === "DOUBLE") return `CAST(CAST(${value} AS VARCHAR) AS DOUBLE)`;
  if (!INTEGERS.has(from)) return null;
  const wider =
    to === "DOUBLE" || to === "FLOAT" || to === "VARCHAR" || (from === "INTEGER" && to === "BIGINT");
  return wider ? `CAST(${value} AS ${to})` : null;
}

/** Whether every value of the one decimal type is one of the other. */
function holds(
  to: { precision: number; scale: number },
  from: { precision: number; scale: number },
): boolean {
  return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale;
}

function unlessNull(value: string, sql: string): string {
  return `CASE WHEN ${value} IS NOT NULL THEN ${sql} END`;
}
