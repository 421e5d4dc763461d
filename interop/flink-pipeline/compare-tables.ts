import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { LocalStorage, openTable, tableExists } from "@gridlake/hudi";
import type { Model } from "@gridlake/pipeline";
import { compare } from "../same-rows.ts";

/** Tables that Flink writes, and the batch's of the same names in DuckDB. */
export interface Tables {
  readonly connection: DuckDBConnection;
  /** Their folder: each is `<lake>/<layer>/<model>`. */
  readonly lake: string;
  readonly models: readonly Model[];
}

export interface ComparedTable {
  model: string;
  rows: number;
  missing: number;
  extra: number;
  examples: readonly string[];
}

/** Each table of the lake, by our own reader, against the batch, row for row; one that is not there yet has no rows. */
export async function compareTables(tables: Tables): Promise<ComparedTable[]> {
  const compared: ComparedTable[] = [];
  for (const model of tables.models) {
    const names = model.columns.map((column) => `"${column.name}"`).join(", ");
    // Flink may clean away a file between the look at the timeline and the read
    const theirs = await snapshot(tables, model).catch(() => null);
    const found = await compare(tables.connection, {
      ours: `(SELECT ${names} FROM "${model.name}")`,
      theirs: `(SELECT ${names} FROM ${theirs ?? `(SELECT * FROM "${model.name}" WHERE FALSE)`})`,
    });
    compared.push({ model: model.name, ...found });
  }
  return compared;
}

export async function tableRows(tables: Tables, model: Model): Promise<number> {
  const sql = await snapshot(tables, model);
  if (sql === null) return 0;
  const reader = await tables.connection.runAndReadAll(`SELECT count(*)::INTEGER FROM ${sql}`);
  return Number(reader.getRows()[0]?.[0]);
}

/** Null before its first commit. */
async function snapshot({ lake }: Tables, model: Model): Promise<string | null> {
  const [storage, path] = [new LocalStorage(), join(lake, model.layer, model.name)];
  if (!(await tableExists(storage, path))) return null;
  const table = await openTable(storage, path);
  return table.schema().length === 0 ? null : table.snapshotSql();
}
