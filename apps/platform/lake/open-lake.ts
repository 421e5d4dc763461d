import { DuckDBInstance } from "@duckdb/node-api";
import { type ClusteringStrategy, type HudiTable, LocalStorage } from "@gridlake/hudi";
import { dataDirectory } from "../data-directory.ts";
import type { Answer } from "./answer.ts";
import { diffTable, type DiffRequest } from "./diff.ts";
import { openNamed, pathOf } from "./find-tables.ts";
import { listTables, showFiles, showHistory, showTable, showTimeline } from "./look.ts";
import {
  cleanTable,
  type CleanRequest,
  clusterTable,
  compactTable,
  restoreTable,
  rollbackTable,
  savepointTable,
} from "./maintain.ts";
import { exportFile, importFile, type ImportOptions } from "./transfer.ts";

/**
 * The lake for people who keep it: what is in it, what happened to it, and the services of its tables. Works beside a
 * running platform, whose writes it waits for. A table is named by its folder in the lake, or by a path.
 */
export class Lake {
  readonly #storage = new LocalStorage();
  readonly #folder: string;
  readonly #instance: DuckDBInstance;

  private constructor(folder: string, instance: DuckDBInstance) {
    this.#folder = folder;
    this.#instance = instance;
  }

  static async open(options: { dataDir: string }): Promise<Lake> {
    const instance = await DuckDBInstance.create(":memory:", {
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "true",
    });
    return new Lake(dataDirectory(options.dataDir).lake, instance);
  }

  async close(): Promise<void> {
    this.#instance.closeSync();
  }

  tables(): Promise<Answer> {
    return listTables(this.#storage, this.#folder);
  }

  async show(table: string): Promise<Answer> {
    return showTable(await this.#table(table));
  }

  async timeline(table: string, options: { limit: number }): Promise<Answer> {
    return showTimeline(await this.#table(table), options);
  }

  async history(table: string, options: { limit: number }): Promise<Answer> {
    return showHistory(await this.#table(table), options);
  }

  async diff(table: string, request: DiffRequest): Promise<Answer> {
    const opened = await this.#table(table);
    return this.#connected((connection) => diffTable(opened, connection, request));
  }

  async files(table: string, selection: { asOf?: string; partition?: string }): Promise<Answer> {
    return showFiles(await this.#table(table), selection);
  }

  async import(table: string, options: ImportOptions): Promise<Answer> {
    const path = await pathOf(this.#storage, { lake: this.#folder, table });
    return this.#connected((connection) => importFile({ storage: this.#storage, connection }, path, options));
  }

  async export(table: string, options: { to: string; asOf?: string }): Promise<Answer> {
    const opened = await this.#table(table);
    return this.#connected((connection) => exportFile(connection, opened, options));
  }

  async clean(table: string, request: CleanRequest): Promise<Answer> {
    return cleanTable(await this.#table(table), request);
  }

  async compact(table: string, request: { dryRun: boolean; minLogFiles?: number }): Promise<Answer> {
    const opened = await this.#table(table);
    return this.#connected((connection) => compactTable(opened, { connection, ...request }));
  }

  async cluster(table: string, request: { dryRun: boolean } & ClusteringStrategy): Promise<Answer> {
    const opened = await this.#table(table);
    return this.#connected((connection) => clusterTable(opened, { connection, ...request }));
  }

  async rollback(table: string, request: { instant: string; dryRun: boolean }): Promise<Answer> {
    return rollbackTable(await this.#table(table), request);
  }

  async restore(table: string, request: { to: string; dryRun: boolean }): Promise<Answer> {
    return restoreTable(await this.#table(table), request);
  }

  async savepoints(table: string, request: Parameters<typeof savepointTable>[1]): Promise<Answer> {
    return savepointTable(await this.#table(table), request);
  }

  #table(table: string): Promise<HudiTable> {
    return openNamed(this.#storage, { lake: this.#folder, table });
  }

  async #connected<R>(
    use: (connection: Awaited<ReturnType<DuckDBInstance["connect"]>>) => Promise<R>,
  ): Promise<R> {
    const connection = await this.#instance.connect();
    try {
      await connection.run("SET TimeZone = 'UTC'");
      return await use(connection);
    } finally {
      connection.closeSync();
    }
  }
}
