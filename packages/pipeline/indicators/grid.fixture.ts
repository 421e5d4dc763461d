import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { batchSql } from "../dialect/duckdb/batch.ts";
import { ident, text } from "../dialect/duckdb/quote.ts";
import type { Model, ModelSet } from "../ir/index.ts";
import { shippedModels } from "../runtime/pipeline.fixture.ts";

export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** The shipped models as batch queries, over rows that a test gives for some of them. */
export class Grid {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #set: ModelSet;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, set: ModelSet) {
    this.#instance = instance;
    this.#connection = connection;
    this.#set = set;
  }

  static async open(timeZone = "UTC"): Promise<Grid> {
    const set = await shippedModels();
    const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = ${text(timeZone)}`);
    return new Grid(instance, connection, set);
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  /** The rows of `wanted`, all models between it and the given ones computed; columns not given are NULL. */
  async rows(wanted: string, given: Readonly<Record<string, readonly Row[]>>): Promise<Row[]> {
    const made = new Set<string>();
    for (const [name, rows] of Object.entries(given)) {
      await this.#create(name, valuesSql(this.#model(name), rows));
      made.add(name);
    }
    await this.#make(this.#model(wanted), made);
    const model = this.#model(wanted);
    const list = model.columns.map(({ name, type }) =>
      type === "TIMESTAMPTZ"
        ? `strftime(${ident(name)} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ') AS ${ident(name)}`
        : type === "BOOLEAN" || type === "BIGINT" || type === "VARCHAR"
          ? ident(name)
          : `CAST(${ident(name)} AS VARCHAR) AS ${ident(name)}`,
    );
    const sql = `SELECT ${list.join(", ")} FROM ${ident(wanted)} ORDER BY ${model.key.map(ident).join(", ")}`;
    const rows = (await this.#connection.runAndReadAll(sql)).getRowObjects();
    return rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, typeof value === "bigint" ? Number(value) : value]),
      ),
    ) as Row[];
  }

  #model(name: string): Model {
    const model = this.#set.byName.get(name);
    if (model === undefined) throw new Error(`no model ${name}`);
    return model;
  }

  async #make(model: Model, made: Set<string>): Promise<void> {
    if (made.has(model.name)) return;
    made.add(model.name);
    if (model.inputs.length === 0) throw new Error(`rows of ${model.name} are not given`);
    for (const input of model.inputs) await this.#make(this.#model(input), made);
    await this.#create(
      model.name,
      batchSql(model, ({ source }) => ident(source.name)),
    );
  }

  async #create(name: string, sql: string): Promise<void> {
    await this.#connection.run(`CREATE OR REPLACE TABLE ${ident(name)} AS ${sql}`);
  }
}

function valuesSql(model: Model, rows: readonly Row[]): string {
  const columns = model.columns.map(
    ({ name, type }) => `CAST(v.${ident(name)} AS ${type}) AS ${ident(name)}`,
  );
  const names = model.columns.map(({ name }) => ident(name)).join(", ");
  const values = rows.map((row) => {
    const cells = model.columns.map(({ name }) => {
      const value = row[name] ?? null;
      return value === null ? "NULL" : text(String(value));
    });
    return `(${cells.join(", ")})`;
  });
  const nothing = `(${model.columns.map(() => "NULL").join(", ")})`;
  const all = [...values, ...(values.length === 0 ? [nothing] : [])].join(", ");
  return `SELECT ${columns.join(", ")} FROM (VALUES ${all}) AS v(${names})${values.length === 0 ? " WHERE FALSE" : ""}`;
}
