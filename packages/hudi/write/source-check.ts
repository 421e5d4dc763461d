import type { DuckDBConnection } from "@duckdb/node-api";
import { GridlakeError } from "@gridlake/kernel";
import type { Column } from "../schema/column.ts";
import { fits } from "../schema/fits.ts";
import { misfitSql } from "../schema/foreign-column.ts";
import { findColumn } from "../table/record-key.ts";
import { type Cell, rowsOf } from "./rows-of.ts";

/** The refusal of rows without a value where one is needed. */
export function nullRefused(column: string, rows: number, recordKey: readonly string[]): GridlakeError {
  const isKey = recordKey.includes(column);
  return new GridlakeError(
    isKey ? "HUDI_KEY_NULL" : "HUDI_COLUMN_NULL",
    `${rows} rows of the source have no ${column}`,
    {
      remedy: isKey
        ? "give every row a key that is neither null nor empty"
        : "give the column a value, or declare it nullable",
      details: { column, rows },
    },
  );
}

/** Looks for staged rows that would break what another engine declared of a column. @throws HUDI_COLUMN_MISFIT */
export async function checkMisfits({
  connection,
  name,
  columns,
}: {
  connection: DuckDBConnection;
  name: string;
  columns: readonly Column[];
}): Promise<void> {
  for (const column of columns) {
    const misfit = misfitSql(column);
    if (misfit === null) continue;
    const [row] = await rowsOf(connection, `SELECT count(*) AS n FROM ${name} WHERE ${misfit}`);
    if (Number(row?.["n"]) === 0) continue;
    throw new GridlakeError(
      "HUDI_COLUMN_MISFIT",
      `${row?.["n"]} rows of the source have a ${column.name} that ${JSON.stringify(column.avro)} does not allow`,
      {
        remedy:
          "give no null inside it where the table allows none, and no fractions of a ms where it keeps ms",
        details: { column: column.name, avro: column.avro },
      },
    );
  }
}

/**
 * Whether a source, as DuckDB describes it, gives the columns of the table and no others, each in a type that loses nothing.
 * @throws HUDI_COLUMN_UNKNOWN, HUDI_COLUMN_MISSING, HUDI_COLUMN_TYPE
 */
export function checkColumns(columns: readonly Column[], described: readonly Record<string, Cell>[]): void {
  const given = new Map(described.map((row) => [String(row["column_name"]), String(row["column_type"])]));
  for (const name of given.keys()) {
    if (columns.some((column) => column.name === name)) continue;
    throw new GridlakeError(
      "HUDI_COLUMN_UNKNOWN",
      `the source gives ${name}, which the table does not have`,
      {
        remedy: `give ${columns.map((column) => column.name).join(", ")}`,
        details: { column: name },
      },
    );
  }
  const gives = [...given.keys()].map((name): Column => ({ name, type: "VARCHAR", nullable: true }));
  for (const { name, type } of columns) {
    findColumn(gives, name);
    const from = given.get(name) ?? "";
    if (fits(from, type)) continue;
    throw new GridlakeError(
      "HUDI_COLUMN_TYPE",
      `the source gives ${name} as ${from}, the table has ${type}`,
      {
        remedy: `cast it in the source: CAST(${name} AS ${type})`,
        details: { column: name, source: from, table: type },
      },
    );
  }
}

export function sourceFailed(cause: Error): GridlakeError {
  return new GridlakeError("HUDI_SOURCE_FAILED", `the source's SELECT failed: ${cause.message}`, {
    remedy: "correct the SELECT; a value that does not fit its column is refused, not rounded",
    cause,
  });
}
