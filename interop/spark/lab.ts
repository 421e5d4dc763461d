import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import {
  type CommitResult,
  createTable,
  type HudiTable,
  LocalStorage,
  openTable,
  type TableDefinition,
} from "@gridlake/hudi";
import { META_COLUMNS } from "@gridlake/hudi/schema/column.ts";
import { compare, inWords } from "../same-rows.ts";
import { readWithHudiRs } from "../read-with-hudi-rs.ts";
import type { SparkJudge, SparkOptions } from "./judge.ts";
import { READ_MODES, type ReadMode, type SparkOperation, writeOptions } from "./table-options.ts";

export interface Bench {
  connection: DuckDBConnection;
  judge: SparkJudge;
  /** A folder for the tables of one scenario. */
  directory: string;
  python: string;
  say(line: string): void;
}

/**
 * One table on which Gridlake and Spark take turns, beside it what it must hold: a plain DuckDB table, `expected`, that
 * knows nothing of either.
 */
export class Lab {
  readonly bench: Bench;
  readonly path: string;
  /** What Spark, or we, saw that the other did not. */
  readonly disagreements: string[] = [];
  #files = 0;

  constructor(bench: Bench, name: string) {
    this.bench = bench;
    this.path = join(bench.directory, name);
  }

  /** Opened anew: what Spark did to it must be found on disk. */
  table(): Promise<HudiTable> {
    return openTable(new LocalStorage(), this.path);
  }

  async create(definition: TableDefinition): Promise<HudiTable> {
    await mkdir(this.bench.directory, { recursive: true });
    return createTable(new LocalStorage(), this.path, definition);
  }

  async commit(change: {
    upserts?: string;
    deletes?: string;
    operation?: "upsert" | "insert" | "bulk_insert";
  }): Promise<CommitResult> {
    const { upserts, deletes, operation = "upsert" } = change;
    const table = await this.table();
    return table.commit({
      connection: this.bench.connection,
      operation,
      ...(upserts !== undefined && { upserts: { sql: upserts } }),
      ...(deletes !== undefined && { deletes: { sql: deletes } }),
    });
  }

  async spark(operation: SparkOperation, rows: string, options: SparkOptions = {}): Promise<void> {
    const input = this.#file();
    await this.bench.connection.run(`COPY (${rows}) TO '${input}' (FORMAT parquet)`);
    const table = await this.table();
    const all = { ...writeOptions(table, operation), ...options };
    await this.bench.judge.write({ table: this.path, input, options: all });
  }

  async sparkSees(
    mode: { options: SparkOptions },
    where?: string,
    columns?: readonly string[],
  ): Promise<string> {
    const output = this.#file();
    const names = columns ?? (await this.#columns());
    await this.bench.judge.read({
      table: this.path,
      options: mode.options,
      output,
      columns: names,
      ...(where !== undefined && { where }),
    });
    return `read_parquet('${output}')`;
  }

  /** Whether we see what the table must hold. */
  async weSee(expected: string, what: string): Promise<void> {
    const table = await this.table();
    const columns = table.schema().map(({ name }) => name);
    await this.same(what, {
      ours: await table.snapshotSql({ columns }),
      theirs: `(SELECT ${columns.map((name) => `"${name}"`).join(", ")} FROM ${expected})`,
    });
  }

  /** Whether Spark sees what we see, in every way in which it may read, whole and under filters. */
  async sparkAgrees(
    what: string,
    { filters = [], modes = READ_MODES }: { filters?: readonly string[]; modes?: readonly ReadMode[] } = {},
  ): Promise<void> {
    const ours = await (await this.table()).snapshotSql({ columns: await this.#columns() });
    const found: number[] = [];
    for (const mode of modes) {
      for (const where of [undefined, ...filters]) {
        const theirs = await this.sparkSees(mode, where);
        const side = where === undefined ? ours : `(FROM ${ours} WHERE ${where})`;
        const difference = await compare(this.bench.connection, { ours: side, theirs });
        found.push(difference.rows);
        const wrong = inWords(difference);
        if (wrong !== null) this.check(`${what}: Spark where ${where ?? "true"}, ${mode.name}`, wrong);
      }
    }
    this.bench.say(
      `  ${what}: Spark read ${found.length} times, ${Math.min(...found)} to ${Math.max(...found)} rows`,
    );
  }

  async hudiRsAgrees(what: string): Promise<void> {
    const output = this.#file();
    const columns = await this.#columns();
    await readWithHudiRs({ python: this.bench.python, table: this.path, output, request: {} });
    const names = columns.map((name) => `"${name}"`).join(", ");
    await this.same(`${what}: hudi-rs`, {
      ours: await (await this.table()).snapshotSql({ columns }),
      theirs: `(SELECT ${names} FROM read_parquet('${output}'))`,
    });
  }

  async same(what: string, { ours, theirs }: { ours: string; theirs: string }): Promise<void> {
    const difference = await compare(this.bench.connection, { ours, theirs });
    this.check(`${what}: ${difference.rows} rows`, inWords(difference));
  }

  /** @param wrong what is wrong; null: nothing */
  check(what: string, wrong: string | null): void {
    this.bench.say(`  ${what}${wrong === null ? "" : ` — DISAGREES: ${wrong}`}`);
    if (wrong !== null) this.disagreements.push(`${what}: ${wrong}`);
  }

  async #columns(): Promise<string[]> {
    return [...META_COLUMNS, ...(await this.table()).schema().map(({ name }) => name)];
  }

  #file(): string {
    this.#files += 1;
    return `${this.path}.${this.#files}.parquet`;
  }
}
