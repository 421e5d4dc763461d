import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import {
  type CommitOptions,
  createTable,
  type HudiTable,
  LocalStorage,
  openTable,
  type TableDefinition,
} from "@gridlake/hudi";
import { META_COLUMNS } from "@gridlake/hudi/schema/column.ts";
import type { HudiRsReader } from "../hudi-rs-reader.ts";
import { compare, inWords } from "../same-rows.ts";
import type { SparkJudge, SparkOptions } from "./judge.ts";
import { Oracle } from "./oracle.ts";
import { READ_MODES, type ReadMode, type SparkOperation, writeOptions } from "./table-options.ts";

export interface Bench {
  connection: DuckDBConnection;
  judge: SparkJudge;
  /** A folder for the table of one scenario; made when it is needed. */
  directory: string;
  hudiRs: HudiRsReader;
  say(line: string): void;
}

interface Change extends Pick<Partial<CommitOptions>, "operation" | "concurrency" | "lock"> {
  /** SELECTs, in DuckDB's SQL; deletes give the key columns and the partition's. */
  upserts?: string;
  deletes?: string;
}

/**
 * One table on which Gridlake and Spark take turns, beside it what it must hold: the oracle, which each change is told
 * too. The table is opened anew for each turn of ours: what Spark did must be found on disk.
 */
export class Lab {
  readonly bench: Bench;
  readonly path: string;
  /** What Spark, or we, saw that the other did not. */
  readonly disagreements: string[] = [];
  #oracle: Oracle | null = null;
  #files = 0;

  constructor(bench: Bench) {
    this.bench = bench;
    this.path = join(bench.directory, "table");
  }

  get oracle(): Oracle {
    if (!this.#oracle) throw new Error("the scenario has made no table yet");
    return this.#oracle;
  }

  async create(definition: TableDefinition): Promise<void> {
    await mkdir(this.bench.directory, { recursive: true });
    await createTable(new LocalStorage(), this.path, definition);
    await this.expect(definition);
  }

  /** For a table that Spark makes. */
  async expect({ name, columns, recordKey, partition, ordering }: TableDefinition): Promise<void> {
    await mkdir(this.bench.directory, { recursive: true });
    this.#oracle = await Oracle.make(this.bench.connection, `${name}_expected`, {
      columns: columns.map((column) => `"${column.name}" ${column.type}`).join(", "),
      key: [...new Set([...recordKey, ...(partition === null ? [] : [partition].flat())])],
      ordering,
    });
  }

  table(): Promise<HudiTable> {
    return openTable(new LocalStorage(), this.path);
  }

  /** A commit of ours. @returns its instant */
  async weWrite({ upserts, deletes, ...more }: Change): Promise<string> {
    const table = await this.table();
    const { instant } = await table.commit({
      connection: this.bench.connection,
      operation: "upsert",
      ...more,
      ...(upserts !== undefined && { upserts: { sql: upserts } }),
      ...(deletes !== undefined && { deletes: { sql: deletes } }),
    });
    if (deletes !== undefined) await this.oracle.delete(deletes);
    if (upserts !== undefined) await this.oracle.upsert(upserts);
    return instant;
  }

  async sparkUpserts(rows: string, options: SparkOptions = {}): Promise<void> {
    await this.spark("upsert", rows, options);
    await this.oracle.upsert(rows);
  }

  /** @param rows whole ones, of which Spark takes the keys */
  async sparkDeletes(rows: string, options: SparkOptions = {}): Promise<void> {
    await this.spark("delete", rows, options);
    await this.oracle.delete(rows);
  }

  /** A write of Spark's that the oracle is not told. */
  async spark(operation: SparkOperation, rows: string, options: SparkOptions = {}): Promise<void> {
    await (
      await this.prepareSpark(operation, rows, options)
    )();
  }

  /** The same, with all that is ours to do already done: the call may run beside ours. */
  async prepareSpark(
    operation: SparkOperation,
    rows: string,
    options: SparkOptions,
  ): Promise<() => Promise<void>> {
    const input = this.#file();
    await this.bench.connection.run(`COPY (${rows}) TO '${input}' (FORMAT parquet)`);
    const all = { ...writeOptions(await this.table(), operation), ...options };
    return () => this.bench.judge.write({ table: this.path, input, options: all });
  }

  /** What Spark reads, as something to select from. */
  async sparkReads(
    options: SparkOptions,
    { where, columns }: { where?: string; columns?: readonly string[] } = {},
  ): Promise<string> {
    const output = this.#file();
    await this.bench.judge.read({
      table: this.path,
      options,
      output,
      columns: columns ?? (await this.columns()),
      ...(where !== undefined && { where }),
    });
    return `read_parquet('${output}')`;
  }

  /** Whether we see what the table must hold, and Spark and hudi-rs what we see. */
  async allAgree(
    what: string,
    options: { filters?: readonly string[]; modes?: readonly ReadMode[] } = {},
  ): Promise<void> {
    await this.weSeeWhatIsExpected(what);
    await this.sparkSeesWhatWeSee(what, options);
    await this.hudiRsSeesWhatWeSee(what);
  }

  async weSeeWhatIsExpected(what: string): Promise<void> {
    const table = await this.table();
    const columns = table.schema().map(({ name }) => name);
    await this.same(`${what}: we`, {
      ours: await table.snapshotSql({ columns }),
      theirs: `(SELECT ${columns.map((name) => `"${name}"`).join(", ")} FROM ${this.oracle.name})`,
    });
  }

  /** In every way in which Spark may read, whole and under filters. */
  async sparkSeesWhatWeSee(
    what: string,
    { filters = [], modes = READ_MODES }: { filters?: readonly string[]; modes?: readonly ReadMode[] } = {},
  ): Promise<void> {
    const { connection, judge } = this.bench;
    const columns = await this.columns();
    const ours = await (await this.table()).snapshotSql({ columns });
    await connection.run(`CREATE OR REPLACE TEMP TABLE seen_by_us AS FROM ${ours}`);
    const found = await Promise.all(
      modes.map(async ({ name, options }) => {
        const parts = [undefined, ...filters].map((where) => ({
          output: this.#file(),
          ...(where !== undefined && { where }),
        }));
        await judge.readParts({ table: this.path, options, columns }, parts);
        return parts.map((part) => ({ name, ...part }));
      }),
    );
    const counts: number[] = [];
    for (const { name, where = "true", output } of found.flat()) {
      const difference = await compare(connection, {
        ours: `(FROM seen_by_us WHERE ${where})`,
        theirs: `read_parquet('${output}')`,
      });
      counts.push(difference.rows);
      const wrong = inWords(difference);
      if (wrong !== null) this.check(`${what}: Spark where ${where}, ${name}`, wrong);
    }
    this.bench.say(
      `  ${what}: Spark read ${counts.length} times, ${Math.min(...counts)} to ${Math.max(...counts)} rows`,
    );
  }

  async hudiRsSeesWhatWeSee(what: string): Promise<void> {
    const output = this.#file();
    const columns = await this.columns();
    await this.bench.hudiRs.read({ table: this.path, output, request: {} });
    await this.same(`${what}: hudi-rs`, {
      ours: await (await this.table()).snapshotSql({ columns }),
      theirs: `(SELECT ${columns.map((name) => `"${name}"`).join(", ")} FROM read_parquet('${output}'))`,
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

  /** The meta columns and the table's own. */
  async columns(): Promise<string[]> {
    return [...META_COLUMNS, ...(await this.table()).schema().map(({ name }) => name)];
  }

  /** Calls one of Hudi's procedures on the table. @returns its rows as text */
  procedure(name: string, args = "", options: SparkOptions = {}): Promise<string[][]> {
    return this.bench.judge.sql(`CALL ${name}(path => '${this.path}'${args && `, ${args}`})`, options);
  }

  #file(): string {
    this.#files += 1;
    return `${this.path}.${this.#files}.parquet`;
  }
}
