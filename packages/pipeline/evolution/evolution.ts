// Changed models are built anew beside the former versions, which stay readable as of their last micro-batch:
//
//   1. one after the other, inputs first: its batch over its inputs as of one micro-batch, on a connection of its own,
//      while micro-batches go on and note what its inputs' rows were (journal.ts);
//   2. what they changed is followed, all at once, until little is left, and that little between two micro-batches;
//   3. from then on it follows each micro-batch like every model, under its staged name;
//   4. once all do, one transaction puts all their tables in the places of the former ones, between two checkpoints. The
//      next checkpoint tells the lake, as one checkpoint.
//
// A death before 4 leaves the former versions; those that had come to 3 are not built again.

import type { DuckDBConnection } from "@duckdb/node-api";
import { GridlakeError } from "@gridlake/kernel";
import type { LakeTables } from "../checkpoint/lake-tables.ts";
import { meaningOf } from "../checkpoint/meaning.ts";
import { createTablesSql, dropStateSql, takePlaceSql } from "../dialect/duckdb/state-table.ts";
import type { Model } from "../ir/index.ts";
import type { ModelVersion } from "../ports.ts";
import {
  forgetModel,
  forgetStaged,
  noteStaged,
  readModels,
  readSequence,
  writeModels,
  writeSequence,
} from "../runtime/control.ts";
import type { Database } from "../runtime/database.ts";
import { Maintainer } from "../runtime/maintainer.ts";
import { buildModel, type BuildProgress } from "./build.ts";
import { Journal } from "./journal.ts";
import { stagedModel, stagedName } from "./staged-model.ts";

/** What the start found to be done. */
export interface Evolving {
  /** The models to be built anew, with the last micro-batch that their former tables followed; null: there is none. */
  changed: ReadonlyMap<string, number | null>;
  /** Those among them whose new versions follow already. */
  staged: ReadonlySet<string>;
  /** Tables of models that are no more; they go with the swap. */
  removed: readonly string[];
}

export interface EvolutionOptions extends Evolving {
  database: Database;
  lake: LakeTables;
  /** All models as they are now, inputs first. */
  models: readonly Model[];
  timeZone: string;
  /** Told of a version that can't be built; its former one stays until the next start. */
  onFailure: (error: unknown) => void;
  /** Input rows that a part of a build is computed of. @default 2000000 */
  partRows?: number;
  /** Changed rows that are followed between two micro-batches. @default 20000 */
  followRows?: number;
}

interface Building {
  model: Model;
  maintainer: Maintainer;
  connection: DuckDBConnection;
  journal: Journal;
  progress: BuildProgress;
  /** The last micro-batch that is in it. */
  upTo: number;
  rounds: number;
  /** Of the work under way; null between two. */
  work: Promise<void> | null;
  failure: unknown;
}

const FOLLOW_ROWS = 20_000;
/** After so many rounds what is left is followed between two micro-batches, however much: they write as fast as it follows. */
const MAX_ROUNDS = 8;

export class Evolution {
  readonly #options: EvolutionOptions;
  readonly #changed: ReadonlySet<string>;
  /** Per changed model, its new version's. */
  readonly #maintainers: ReadonlyMap<string, Maintainer>;
  readonly #following: Set<string>;
  readonly #original: readonly Maintainer[];
  #building: Building | null = null;
  #failed: string | null = null;
  #isDone = false;
  #isStopped = false;

  /** @param maintainers of all models as they are now, inputs first */
  constructor(options: EvolutionOptions, maintainers: readonly Maintainer[]) {
    this.#options = options;
    this.#original = maintainers;
    this.#changed = new Set(options.changed.keys());
    this.#following = new Set(options.staged);
    this.#isDone = options.changed.size === 0;
    const changed = options.models.filter(({ name }) => this.#changed.has(name));
    this.#maintainers = new Map(
      changed.map((model) => [model.name, new Maintainer(stagedModel(model, this.#changed))]),
    );
  }

  /** Nothing is left to be done. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Nothing more will be done until the next start. */
  get isAtRest(): boolean {
    return this.#isDone || this.#failed !== null;
  }

  /** All new versions follow: the next step is the swap. */
  get isReady(): boolean {
    return !this.isAtRest && this.#following.size === this.#maintainers.size;
  }

  hasChanged(name: string): boolean {
    return this.#changed.has(name);
  }

  /** Who follows a micro-batch, inputs first: the models that are as they were, and the new versions that are built. */
  get maintainers(): readonly Maintainer[] {
    if (this.#isDone) return this.#original;
    const staged = [...this.#maintainers].filter(([name]) => this.#following.has(name));
    return [
      ...this.#original.filter(({ name }) => !this.#changed.has(name)),
      ...staged.map(([, maintainer]) => maintainer),
    ];
  }

  /** Where micro-batches note what rows were; null when no version is being built. */
  get journal(): Journal | null {
    return this.#building?.journal ?? null;
  }

  versionOf(name: string): ModelVersion {
    if (this.#isDone || !this.#changed.has(name)) return { status: "current", asOf: null, building: null };
    const asOf = this.#options.changed.get(name) ?? null;
    const { model, progress } = this.#building ?? {};
    if (this.#failed === name) return { status: "failed", asOf, building: null };
    if (this.#following.has(name)) return { status: "built", asOf, building: null };
    if (model?.name === name && progress) return { status: "building", asOf, building: { ...progress } };
    return { status: "waiting", asOf, building: null };
  }

  /**
   * What can be done between two micro-batches.
   * @param options.isLakeAtRest no checkpoint is under way, and none begins
   * @returns "swapped" when all tables are the new versions' from now on, with a new micro-batch number
   */
  async step(options: { isLakeAtRest: boolean }): Promise<"swapped" | "going on"> {
    if (this.isAtRest || this.#isStopped) return "going on";
    if (this.#building !== null) {
      await this.#proceed(this.#building);
      return "going on";
    }
    const next = [...this.#maintainers.keys()].find((name) => !this.#following.has(name));
    if (next !== undefined) await this.#begin(next);
    else if (options.isLakeAtRest) {
      await this.#swap();
      return "swapped";
    }
    return "going on";
  }

  /** Ends the build under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const building = this.#building;
    if (building === null) return;
    building.connection.interrupt();
    await building.work;
    building.connection.closeSync();
    this.#building = null;
  }

  async #begin(name: string): Promise<void> {
    const maintainer = this.#maintainers.get(name);
    const model = this.#options.models.find((candidate) => candidate.name === name);
    if (maintainer === undefined || model === undefined) return;
    const connection = await this.#options.database.connect();
    const inputs = [...this.#original, ...this.#maintainers.values()]
      .filter((input) => maintainer.maintained.model.inputs.includes(input.name))
      .map(({ table, maintained }) => ({ table, isSource: maintained.model.topics.length > 0 }));
    const journal = new Journal(inputs);
    await journal.create(connection);
    for (const sql of [...dropStateSql(maintainer.name), ...createTablesSql(maintainer.table)])
      await connection.run(sql);
    await connection.run("BEGIN TRANSACTION");
    // the first read is what the transaction reads from then on
    const upTo = await readSequence(connection);
    const progress = { rows: 0, partsDone: 0, parts: 1 };
    const building: Building = {
      model,
      maintainer,
      connection,
      journal,
      progress,
      upTo,
      rounds: 0,
      work: null,
      failure: null,
    };
    this.#building = building;
    this.#work(building, async () => {
      await buildModel(connection, maintainer, {
        former: name,
        lake: this.#options.lake,
        sequence: upTo,
        ...(this.#options.partRows === undefined ? {} : { partRows: this.#options.partRows }),
        onProgress: (now) => Object.assign(progress, now),
      });
      await connection.run("COMMIT");
    });
  }

  async #proceed(building: Building): Promise<void> {
    if (building.work !== null) return;
    if (building.failure !== null) return this.#fail(building);
    const { connection, journal, maintainer, model } = building;
    const left = await journal.size(connection, building.upTo);
    if (left > (this.#options.followRows ?? FOLLOW_ROWS) && building.rounds < MAX_ROUNDS) {
      await connection.run("BEGIN TRANSACTION");
      const upTo = await readSequence(connection);
      building.rounds += 1;
      this.#work(building, async () => {
        await this.#follow(building, upTo);
        await connection.run("COMMIT");
      });
      return;
    }
    try {
      await connection.run("BEGIN TRANSACTION");
      await this.#follow(building, await readSequence(connection));
      const meaning = meaningOf(model, this.#options.timeZone);
      await noteStaged(connection, model.name, meaning);
      await writeModels(connection, new Map([[maintainer.name, { meaning, rowsIn: 0, rowsOut: 0 }]]));
      await journal.drop(connection);
      await connection.run("COMMIT");
    } catch (error) {
      building.failure = error;
      return this.#fail(building);
    }
    this.#following.add(model.name);
    this.#building = null;
    connection.closeSync();
  }

  /** Follows what changed up to the connection's micro-batch. */
  async #follow({ connection, journal, maintainer, ...building }: Building, upTo: number): Promise<void> {
    const changes = await journal.replay(connection, building.upTo);
    await maintainer.follow(connection, changes, upTo);
    if (this.#building !== null) this.#building.upTo = upTo;
  }

  #work(building: Building, work: () => Promise<void>): void {
    building.work = work()
      .catch((error: unknown) => {
        building.failure = error;
      })
      .finally(() => {
        building.work = null;
      });
  }

  async #fail(building: Building): Promise<void> {
    const { connection, failure, model, journal } = building;
    await connection.run("ROLLBACK").catch(() => undefined); // the first error is the one to tell
    await journal.drop(connection);
    connection.closeSync();
    this.#building = null;
    this.#failed = model.name;
    this.#options.onFailure(buildFailed(model.name, failure));
  }

  async #swap(): Promise<void> {
    const { database, removed, models, timeZone } = this.#options;
    const connection = await database.connect();
    try {
      await connection.run("BEGIN TRANSACTION");
      const counters = await readModels(connection);
      for (const name of removed) {
        for (const sql of dropStateSql(name)) await connection.run(sql);
        await forgetModel(connection, name);
      }
      for (const { name, table } of this.#original.filter((one) => this.#changed.has(one.name))) {
        const staged = stagedName(name);
        for (const sql of takePlaceSql(table, staged)) await connection.run(sql);
        for (const known of [name, staged]) await forgetModel(connection, known);
        await forgetStaged(connection, name);
        const model = models.find((candidate) => candidate.name === name);
        if (model === undefined) continue;
        const { rowsIn = 0, rowsOut = 0 } = counters.get(staged) ?? {};
        const now = { meaning: meaningOf(model, timeZone), rowsIn, rowsOut };
        await writeModels(connection, new Map([[name, now]]));
      }
      // a number of its own: what was read before is of another micro-batch
      await writeSequence(connection, (await readSequence(connection)) + 1);
      await connection.run("COMMIT");
    } finally {
      connection.closeSync();
    }
    this.#isDone = true;
  }
}

function buildFailed(model: string, cause: unknown): GridlakeError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new GridlakeError(
    "MODEL_EVALUATION_FAILED",
    `the new version of ${model} can't be computed: ${why}`,
    {
      remedy:
        "let the model bear these values (wider DECIMAL, TRY_CAST, NULLIF), then start again; its former version stays",
      details: { model },
      cause,
    },
  );
}
