import { DuckDBInstance, DuckDBTimestampTZValue, type DuckDBValue, StatementType } from "@duckdb/node-api";
import { GridlakeError } from "@gridlake/kernel";
import { emptyRelation, type LakeView, loadModels, rowValue, viewLake } from "@gridlake/pipeline";
import { TOPICS } from "@gridlake/contracts";
import { dataDirectory } from "./data-directory.ts";
import { MODELS_DIR } from "./models-dir.ts";
import { loadPlatformConfig } from "./platform-config.ts";

export interface QueryResult {
  columns: readonly { name: string; type: string }[];
  /** Values as DuckDB writes them as text; null for NULL. */
  rows: readonly (readonly (string | null)[])[];
  /** The checkpoint that the lake was read at; 0 for an empty lake. */
  checkpoint: number;
}

export interface LakeQuery {
  /**
   * One SELECT over the lake's tables, named as the models.
   * @param options.asOf an instant (RFC 3339 or Hudi's digits), inclusive
   * @throws QUERY_INVALID, LAKE_INSTANT_INVALID
   */
  run(sql: string, options?: { asOf?: string }): Promise<QueryResult>;
  close(): Promise<void>;
}

/** Queries over the lake's files alone, whether or not a platform runs on them. */
export async function openLakeQuery(options: {
  dataDir: string;
  /** @default the shipped models */
  modelsDir?: string;
}): Promise<LakeQuery> {
  const { lake, config } = dataDirectory(options.dataDir);
  const { timeZone } = loadPlatformConfig(config, process.env).grid;
  const { models } = await loadModels(options.modelsDir ?? MODELS_DIR, TOPICS);
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "true",
  });
  return {
    run: async (sql, { asOf } = {}) => {
      const view = await viewLake({
        lakeDir: lake,
        models,
        columns: "all",
        ...(asOf === undefined ? {} : { asOf }),
      });
      const connection = await instance.connect();
      try {
        await connection.run(`SET TimeZone = '${timeZone.replaceAll("'", "''")}'`);
        for (const { model, relation } of view.tables) {
          await connection.run(
            `CREATE OR REPLACE TEMP VIEW "${model.name}" AS FROM ${relation ?? emptyRelation(model)}`,
          );
        }
        return await select(connection, sql, view);
      } finally {
        connection.closeSync();
      }
    },
    close: async () => instance.closeSync(),
  };
}

type Connection = Awaited<ReturnType<DuckDBInstance["connect"]>>;

async function select(connection: Connection, sql: string, view: LakeView): Promise<QueryResult> {
  try {
    const statements = await connection.extractStatements(sql);
    const prepared = await statements.prepare(0);
    if (statements.count !== 1 || prepared.statementType !== StatementType.SELECT) {
      throw new Error("it takes one SELECT");
    }
    const result = await prepared.runAndReadAll();
    const types = result.columnTypes();
    const columns = result.deduplicatedColumnNames().map((name, at) => ({ name, type: String(types[at]) }));
    const rows = result.getRows().map((row) => row.map(valueText));
    return { columns, rows, checkpoint: view.checkpoint };
  } catch (cause) {
    throw new GridlakeError("QUERY_INVALID", cause instanceof Error ? cause.message : String(cause), {
      remedy: `one SELECT over these tables: ${view.tables.map(({ model }) => model.name).join(", ")}`,
      status: 400,
      cause,
    });
  }
}

function valueText(value: DuckDBValue): string | null {
  if (value === null) return null;
  // instants leave in UTC whatever the machine's own zone is
  return value instanceof DuckDBTimestampTZValue ? String(rowValue(value)) : String(value);
}
