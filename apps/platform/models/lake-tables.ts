import { DuckDBInstance } from "@duckdb/node-api";
import { emptyRelation, type Model, type Row, rowValue, viewLake } from "@gridlake/pipeline";
import { dataDirectory } from "../data-directory.ts";
import { loadPlatformConfig } from "../platform-config.ts";

/** The models' tables as of one checkpoint of the lake, under the models' names. */
export interface LakeTables {
  /** 0 for an empty lake. */
  checkpoint: number;
  rows(sql: string): Promise<Row[]>;
  close(): void;
}

/** @param options.asOf see `viewLake`. @throws LAKE_INSTANT_INVALID */
export async function openLakeTables(options: {
  dataDir: string;
  models: readonly Model[];
  asOf?: string;
}): Promise<LakeTables> {
  const { lake, config } = dataDirectory(options.dataDir);
  const { timeZone } = loadPlatformConfig(config, process.env).grid;
  const { models, asOf } = options;
  const view = await viewLake({
    lakeDir: lake,
    models,
    columns: "model",
    ...(asOf === undefined ? {} : { asOf }),
  });
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "true",
  });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = '${timeZone.replaceAll("'", "''")}'`);
  for (const { model, relation } of view.tables)
    await connection.run(`CREATE TEMP VIEW "${model.name}" AS FROM ${relation ?? emptyRelation(model)}`);
  return {
    checkpoint: view.checkpoint,
    rows: async (sql) => {
      const reader = await connection.runAndReadAll(sql);
      return reader
        .getRowObjects()
        .map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, value]) => [name, rowValue(value)])),
        );
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
