import type { DuckDBConnection } from "@duckdb/node-api";

/** What a table must hold, in a plain DuckDB table that neither Hudi library knows. */
export class Oracle {
  readonly name: string;
  readonly #connection: DuckDBConnection;
  readonly #key: string;
  readonly #ordering: string | null;

  /** @param shape.columns as in CREATE TABLE; shape.key tells its rows apart, the partition column included */
  static async make(
    connection: DuckDBConnection,
    name: string,
    shape: { columns: string; key: readonly string[]; ordering: string | null },
  ): Promise<Oracle> {
    await connection.run(`CREATE OR REPLACE TABLE "${name}" (${shape.columns})`);
    return new Oracle(connection, name, shape);
  }

  private constructor(
    connection: DuckDBConnection,
    name: string,
    shape: { key: readonly string[]; ordering: string | null },
  ) {
    this.#connection = connection;
    this.name = `"${name}"`;
    this.#key = shape.key.join(", ");
    this.#ordering = shape.ordering;
  }

  /** A row takes the place of the one with its key, unless that has a higher ordering value. */
  async upsert(rows: string): Promise<void> {
    const holds = this.#ordering === null ? "true" : `i.${this.#ordering} >= e.${this.#ordering}`;
    await this.#with(rows, [
      `DELETE FROM ${this.name} e USING incoming i WHERE (${this.#keyOf("e")}) = (${this.#keyOf("i")}) AND ${holds}`,
      `INSERT INTO ${this.name} BY NAME FROM incoming ANTI JOIN ${this.name} USING (${this.#key})`,
    ]);
  }

  async delete(keys: string): Promise<void> {
    await this.#with(keys, [
      `DELETE FROM ${this.name} e USING incoming i WHERE (${this.#keyOf("e")}) = (${this.#keyOf("i")})`,
    ]);
  }

  /** What it holds now, to become again. */
  async copy(label: string): Promise<string> {
    const copy = `${this.name.slice(0, -1)}_${label}"`;
    await this.#connection.run(`CREATE OR REPLACE TABLE ${copy} AS FROM ${this.name}`);
    return copy;
  }

  async become(copy: string): Promise<void> {
    await this.#connection.run(`DELETE FROM ${this.name}`);
    await this.#connection.run(`INSERT INTO ${this.name} FROM ${copy}`);
  }

  /** @param change as it follows ALTER TABLE and a name */
  async alter(change: string): Promise<void> {
    await this.#connection.run(`ALTER TABLE ${this.name} ${change}`);
  }

  async deleteWhere(condition: string): Promise<void> {
    await this.#connection.run(`DELETE FROM ${this.name} WHERE ${condition}`);
  }

  async #with(rows: string, statements: readonly string[]): Promise<void> {
    await this.#connection.run(`CREATE OR REPLACE TEMP TABLE incoming AS ${rows}`);
    for (const statement of statements) await this.#connection.run(statement);
    await this.#connection.run("DROP TABLE incoming");
  }

  #keyOf(alias: string): string {
    return this.#key
      .split(", ")
      .map((name) => `${alias}.${name}`)
      .join(", ");
  }
}
