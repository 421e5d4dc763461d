import type { DuckDBConnection } from "@duckdb/node-api";
import { GridlakeError } from "@gridlake/kernel";
import { deletedName, SEQUENCE, stateName, type StateTable } from "../dialect/duckdb/state-table.ts";
import type { Model } from "../ir/index.ts";
import type { CheckpointState } from "../ports.ts";
import { readPositions, readSequence, readStreamMs, writeForgotten } from "../runtime/control.ts";
import type { Database } from "../runtime/database.ts";
import { countRows } from "../runtime/row-count.ts";
import type { LakeRetention, LakeTables } from "./lake-tables.ts";
import { deletesSql, upsertsSql } from "./lake-table.ts";
import { madeBy, madeSince, meaningOf } from "./meaning.ts";
import type { LakePosition } from "./position.ts";

/** Where the lake is. */
export type Completed = Pick<CheckpointState, "number" | "sequence" | "completedAt">;

/** What a checkpoint brought into one table of the lake. */
export interface CommittedTable {
  model: Model;
  checkpoint: number;
  upserts: number;
  deletes: number;
  /** RFC 3339. */
  startedAt: string;
  completedAt: string;
}

interface Pending {
  model: Model;
  after: number;
  upserts: number;
  deletes: number;
}

/**
 * Carries the state into the lake: one Hudi commit for each table that changed since its own last commit, read from
 * one snapshot of the state, while micro-batches go on. A crash between two tables' commits is harmless: what a
 * table lacks is still marked by its micro-batch, and is written by key.
 */
export class Checkpoints {
  readonly #database: Database;
  readonly #models: readonly Model[];
  readonly #tables: ReadonlyMap<string, StateTable>;
  readonly #lake: LakeTables;
  readonly #retention: LakeRetention;
  readonly #timeZone: string;
  readonly #onTidyFailure: (error: unknown) => void;
  readonly #onCommitted: (committed: CommittedTable) => void;
  /** Models whose tables are of an earlier version: the lake keeps what it has of that. */
  #former: ReadonlySet<string>;
  /** Per model the last micro-batch that changed its rows, of those since the start. */
  readonly #changed = new Map<string, number>();
  /** Per model the micro-batch up to which the lake is known to have its rows. */
  readonly #known = new Map<string, number>();
  #number: number;
  #completed: Completed;
  #writing: Promise<void> = Promise.resolve();
  #connection: DuckDBConnection | null = null;
  #interrupted = false;

  constructor(options: {
    database: Database;
    models: readonly Model[];
    tables: ReadonlyMap<string, StateTable>;
    lake: LakeTables;
    retention: LakeRetention;
    timeZone: string;
    /** Told when tidying a table failed; the next checkpoint tries again. */
    onTidyFailure: (error: unknown) => void;
    /** Told of each table's commit; must not throw. */
    onCommitted?: (committed: CommittedTable) => void;
    /** @default none */
    former?: ReadonlySet<string>;
  }) {
    this.#database = options.database;
    this.#models = options.models;
    this.#tables = options.tables;
    this.#lake = options.lake;
    this.#retention = options.retention;
    this.#timeZone = options.timeZone;
    this.#onTidyFailure = options.onTidyFailure;
    this.#onCommitted = options.onCommitted ?? (() => undefined);
    this.#former = options.former ?? new Set();
    const positions = options.models.map(({ name }) => options.lake.position(name));
    this.#number = Math.max(0, ...positions.map((position) => position?.checkpoint ?? 0));
    const sequence = Math.max(0, ...positions.map((position) => position?.sequence ?? 0));
    this.#completed = { number: this.#number, sequence, completedAt: null };
  }

  get completed(): Completed {
    return this.#completed;
  }

  /** The checkpoint of the table's last commit; 0 before the first. */
  ofModel(name: string): number {
    return this.#lake.position(name)?.checkpoint ?? 0;
  }

  /** The last offset of a topic whose lines are in the lake for good; −1 when none are. */
  floor(topic: string): number {
    const source = this.#models.find((model) => model.topics.includes(topic));
    const position = source === undefined ? null : this.#lake.position(source.name);
    return (position?.offsets[topic] ?? 0) - 1;
  }

  /**
   * A micro-batch is about to commit changes of these models' rows. It is told before, so that no snapshot has rows of
   * which nothing is known here.
   */
  changing(names: Iterable<string>, sequence: number): void {
    for (const name of names) this.#changed.set(name, sequence);
  }

  /** Cuts a checkpoint under way short; its unfinished commit is rolled back by the next writer. */
  interrupt(): void {
    this.#interrupted = true;
    this.#connection?.interrupt();
  }

  /** Runs between two checkpoints what makes every model's table current. */
  async swap(work: () => Promise<void>): Promise<void> {
    const next = this.#writing.then(work);
    this.#writing = next.catch(() => undefined); // the caller is told
    await next;
    this.#former = new Set();
    this.#known.clear();
  }

  /** One checkpoint; calls are taken one after the other. Nothing is written when nothing changed. */
  async write(): Promise<void> {
    const next = this.#writing.then(() => this.#write());
    this.#writing = next.catch(() => undefined); // the caller is told; the next checkpoint is another try
    return next;
  }

  async #write(): Promise<void> {
    const connection = await this.#database.connect();
    this.#connection = connection;
    try {
      await this.#lake.settle();
      const models = this.#models.filter(({ name }) => !this.#former.has(name));
      await this.#lake.adopt(models.map(({ name }) => name));
      await connection.run("BEGIN TRANSACTION");
      const sequence = await readSequence(connection);
      const streamMs = await readStreamMs(connection);
      const offsets = Object.fromEntries(await readPositions(connection));
      const pending: Pending[] = [];
      for (const model of models) {
        const found = await this.#pendingOf(connection, model, sequence);
        if (found !== null) pending.push(found);
      }
      if (pending.length > 0) await this.#commitAll(connection, pending, { sequence, streamMs, offsets });
      await connection.run("COMMIT");
      await this.#lake.promote();
      this.#completed = { number: this.#number, sequence, completedAt: new Date().toISOString() };
      await this.#forgetDeletes(connection, pending, sequence);
      // what the checkpoint wrote holds whether or not old files go
      await this.#lake.tidy(this.#retention).catch(this.#onTidyFailure);
    } finally {
      this.#connection = null;
      connection.closeSync();
    }
  }

  /** Of a model that no micro-batch has changed since it was last looked at, the state is not asked. */
  async #pendingOf(connection: DuckDBConnection, model: Model, sequence: number): Promise<Pending | null> {
    const isOwed = this.#lake.owesVersion(model.name);
    const known = this.#known.get(model.name);
    if (!isOwed && known !== undefined && (this.#changed.get(model.name) ?? 0) <= known) return null;
    const after = this.#lake.position(model.name)?.sequence ?? 0;
    const upserts = await countRows(connection, `${stateName(model.name)} WHERE ${SEQUENCE} > ${after}`);
    const deletes = await countRows(connection, `${deletedName(model.name)} WHERE ${SEQUENCE} > ${after}`);
    if (upserts + deletes > 0 || isOwed) return { model, after, upserts, deletes };
    this.#known.set(model.name, sequence);
    return null;
  }

  async #commitAll(
    connection: DuckDBConnection,
    pending: readonly Pending[],
    at: Pick<LakePosition, "sequence" | "streamMs" | "offsets">,
  ): Promise<void> {
    this.#number += 1;
    const tables = pending.map(({ model }) => model.name);
    for (const { model, after, upserts, deletes } of pending) {
      const table = this.#tables.get(model.name);
      if (table === undefined) continue;
      // between two tables no statement runs that the interrupt could end
      if (this.#interrupted) throw cutShort(this.#number);
      const position: LakePosition = {
        checkpoint: this.#number,
        ...at,
        tables,
        timeZone: this.#timeZone,
        partition: model.partition,
        meaning: meaningOf(model, this.#timeZone),
        source: this.#sourceOf(model),
      };
      const startedAt = new Date().toISOString();
      await this.#lake.commit(model.name, {
        connection,
        // a source's rows are never written twice: its last commit tells which ones it has
        insertOnly: model.topics.length > 0,
        upserts: upserts > 0 ? upsertsSql(model, table, after) : null,
        deletes: deletes > 0 ? deletesSql(model, table, after) : null,
        position,
      });
      this.#known.set(model.name, at.sequence);
      const completedAt = new Date().toISOString();
      this.#onCommitted({ model, checkpoint: this.#number, upserts, deletes, startedAt, completedAt });
    }
  }

  #sourceOf(model: Model): LakePosition["source"] {
    const [topic] = model.topics;
    if (topic === undefined) return null;
    return { madeBy: madeBy(model), since: madeSince(model, topic, this.#lake.position(model.name)) };
  }

  /** The lake knows of these deletes now. */
  async #forgetDeletes(
    connection: DuckDBConnection,
    pending: readonly Pending[],
    sequence: number,
  ): Promise<void> {
    const models = pending.filter(({ deletes }) => deletes > 0).map(({ model }) => model.name);
    await writeForgotten(connection, models, sequence);
    for (const name of models) {
      await connection.run(`DELETE FROM ${deletedName(name)} WHERE ${SEQUENCE} <= ${sequence}`);
    }
  }
}

function cutShort(checkpoint: number): GridlakeError {
  return new GridlakeError(
    "CHECKPOINT_CUT_SHORT",
    `checkpoint ${checkpoint} was ended before all its tables were written`,
    {
      remedy: "nothing is to be done: the next checkpoint writes the rest",
      retry: "later",
    },
  );
}
