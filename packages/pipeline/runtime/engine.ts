import { setTimeout as pause } from "node:timers/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Log } from "@gridlake/durable-log";
import { GridlakeError, MIB } from "@gridlake/kernel";
import type { Checkpoints } from "../checkpoint/checkpoints.ts";
import type { Evolution } from "../evolution/evolution.ts";
import type { ModelSet } from "../ir/index.ts";
import type { LiveFeed, PipelineState, PipelineWatch, Serving } from "../ports.ts";
import { type ModelCounters, readModels, readPositions, readSequence } from "./control.ts";
import type { Database } from "./database.ts";
import { Intake, type IntakeLimits } from "./intake.ts";
import { LiveHub } from "./live.ts";
import { type MicroBatchResult, runMicroBatch, type TopicBatch } from "./micro-batch.ts";
import { failureOf, Progress } from "./progress.ts";
import { DatabaseServing } from "./serving.ts";
import { Throughput } from "./throughput.ts";

export interface EngineOptions {
  database: Database;
  log: Log;
  models: ModelSet;
  /** Who follows micro-batches, and what becomes of changed models. */
  evolution: Evolution;
  checkpoints: Checkpoints;
  limits?: IntakeLimits;
  /** What trickles in is gathered for so long at least; 0: micro-batches follow each other at once. @default 100 */
  gatherMs?: number;
  /** From one checkpoint's beginning to the next one's, as long as they are quick. @default 10000 */
  checkpointIntervalMs?: number;
  /** What a stop gives the last checkpoint, in ms; a platform's stop as a whole has ten seconds. @default 2500 */
  lastCheckpointMs?: number;
  /** Told of each micro-batch, of the failure that ends the engine, and of checkpoints that failed; must not throw. */
  onMicroBatch?: (result: MicroBatchResult, durationMs: number) => void;
  onFailure?: (error: unknown) => void;
}

/** A wait for news ends at least this often, so that a stop is never late. */
const IDLE_WAIT_MS = 1_000;
/** As long as changed models are built, their next step is not far. */
const EVOLVING_WAIT_MS = 50;
const CHECKPOINT_INTERVAL_MS = 10_000;
/**
 * After a checkpoint the lake rests this many times as long as it took: when late rows make it rewrite much, the
 * indicators keep most of the machine, and the lake follows less often.
 */
const CHECKPOINT_PAUSE = 3;
/** From one small micro-batch's beginning to the next one's, at least. */
const GATHER_MS = 100;
/**
 * After a small micro-batch the engine rests as long as it took, at most so long: what trickles in costs half a core and
 * not a whole one while micro-batches are that short. Nobody who waits for an offset waits for that.
 */
const LONGEST_REST_MS = 500;
/** A micro-batch with so much is followed by the next at once. */
const GATHERED_BYTES = MIB;
const LAST_CHECKPOINT_MS = 5_000;
/** Readers that wait for an offset at once. */
const WAITERS_LIMIT = 10_000;

/**
 * The incremental engine: takes in what the log holds, one micro-batch after the other; checkpoints go on beside it
 * on a snapshot of their own. A failure stops it for good: the state is that of the last committed micro-batch.
 */
export class Engine implements PipelineWatch {
  readonly live: LiveFeed;
  readonly serving: Serving;
  readonly #options: EngineOptions;
  readonly #hub: LiveHub;
  readonly #serving: DatabaseServing;
  readonly #throughput = new Throughput();
  readonly #progress = new Progress();
  readonly #waiters = new Set<{ topic: string; offset: number; done: (reached: boolean) => void }>();
  readonly #stop = new AbortController();
  /** Of the rest under way; a reader that comes to wait ends it. */
  #rest = new AbortController();
  #status: PipelineState["status"] = "starting";
  #error: PipelineState["error"] = null;
  #connection: DuckDBConnection | null = null;
  #intake: Intake | null = null;
  #counters: ReadonlyMap<string, ModelCounters> = new Map();
  #tests: () => PipelineState["tests"] = () => [];
  #sequence = 0;
  #topics: readonly { topic: string; next: number; end: number }[] = [];
  #running: Promise<void> = Promise.resolve();
  #checkpointing: Promise<void> | null = null;
  #checkpointDueMs = 0;
  readonly #intervalMs: number;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#intervalMs = options.checkpointIntervalMs ?? CHECKPOINT_INTERVAL_MS;
    const known = options.models.models;
    this.#hub = new LiveHub({
      live: known.filter((model) => model.live).map((model) => model.name),
      known: known.map((model) => model.name),
      onFailure: (error) => options.onFailure?.(error),
    });
    this.live = this.#hub;
    this.#serving = new DatabaseServing(options.database);
    this.serving = this.#serving;
  }

  /** Goes on where the last committed micro-batch ended; resolves when the first can be taken in. */
  async start(): Promise<void> {
    const connection = await this.#options.database.connect();
    this.#connection = connection;
    this.#sequence = await readSequence(connection);
    this.#counters = await readModels(connection);
    this.#intake = new Intake({
      log: this.#options.log,
      topics: registersFirst(this.#options.models),
      positions: await readPositions(connection),
      ...(this.#options.limits === undefined ? {} : { limits: this.#options.limits }),
    });
    this.#topics = await this.#intake.lag();
    this.#checkpointDueMs = performance.now() + this.#intervalMs;
    this.#status = "running";
    this.#running = this.#run(connection, this.#intake);
  }

  /**
   * Ends the micro-batch under way, writes a last checkpoint if that can be done in time, closes. What the lake does
   * not have by then is in the state, and goes there after the next start.
   */
  async stop(): Promise<void> {
    this.#stop.abort();
    let inTime = true;
    const late = setTimeout(() => {
      inTime = false;
      this.#options.checkpoints.interrupt();
    }, this.#options.lastCheckpointMs ?? LAST_CHECKPOINT_MS);
    await this.#running;
    await this.#options.evolution.stop();
    await this.#checkpointing;
    if (this.#status === "running") this.#status = "stopped";
    if (this.#status === "stopped" && inTime) await this.#checkpoint();
    clearTimeout(late);
    for (const waiter of this.#waiters) waiter.done(false);
    await this.#serving.close();
    this.#connection?.closeSync();
    this.#connection = null;
  }

  /** From now on the state tells these results too. */
  showTests(results: () => PipelineState["tests"]): void {
    this.#tests = results;
  }

  state(): PipelineState {
    const { completed } = this.#options.checkpoints;
    return {
      status: this.#status,
      sequence: this.#sequence,
      topics: this.#topics.map((topic) => ({ ...topic, lagMs: this.#progress.lagMs(topic) })),
      checkpoint: { ...completed, ...this.#progress.checkpoint },
      models: this.#options.models.models.map((model) => {
        const { name, layer } = model;
        const counters = this.#counters.get(name);
        return {
          name,
          layer,
          rowsIn: counters?.rowsIn ?? 0,
          rowsOut: counters?.rowsOut ?? 0,
          rowsReplaced: this.#progress.rowsReplaced(name),
          checkpoint: this.#options.checkpoints.ofModel(name),
          freshness: this.#progress.freshness(model),
          version: this.#options.evolution.versionOf(name),
        };
      }),
      tests: this.#tests(),
      linesPerSecond: this.#throughput.perSecond(),
      error: this.#error ?? this.#progress.checkpoint.error,
    };
  }

  async reached(topic: string, offset: number, timeoutMs: number): Promise<boolean> {
    if ((this.#intake?.next(topic) ?? 0) > offset) return true;
    if (this.#status !== "running" || timeoutMs <= 0) return false;
    if (this.#waiters.size >= WAITERS_LIMIT) {
      throw new GridlakeError("PIPELINE_BUSY", `${WAITERS_LIMIT} readers wait for the pipeline`, {
        remedy: "ask again without waiting",
        retry: "later",
        status: 503,
      });
    }
    return new Promise((resolve) => {
      const waiter = {
        topic,
        offset,
        done: (reached: boolean): void => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve(reached);
        },
      };
      const timer = setTimeout(() => waiter.done(false), timeoutMs);
      this.#waiters.add(waiter);
      this.#rest.abort();
    });
  }

  async #run(connection: DuckDBConnection, intake: Intake): Promise<void> {
    try {
      while (!this.#stop.signal.aborted) {
        const batches = await intake.take();
        if (batches.length > 0)
          await this.#paced(batches, () => this.#microBatch(connection, intake, batches));
        else {
          const { isAtRest } = this.#options.evolution;
          await intake.wait(isAtRest ? IDLE_WAIT_MS : EVOLVING_WAIT_MS, this.#stop.signal);
        }
        this.#topics = await intake.lag();
        await this.#evolve(connection);
        this.#checkpointWhenDue();
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  async #microBatch(
    connection: DuckDBConnection,
    intake: Intake,
    batches: readonly TopicBatch[],
  ): Promise<void> {
    const startedMs = performance.now();
    const live = new Set(this.#hub.models.filter((model) => this.#hub.hasListeners(model)));
    const result = await runMicroBatch(connection, {
      batches,
      maintainers: this.#options.evolution.maintainers,
      journal: this.#options.evolution.journal,
      counters: this.#counters,
      sequence: this.#sequence + 1,
      live,
      onChanging: (models, sequence) => this.#options.checkpoints.changing(models, sequence),
    });
    this.#sequence = result.sequence;
    this.#counters = result.counters;
    intake.committed(batches);
    this.#progress.microBatch(batches, result);
    this.#throughput.add(result.lines);
    for (const delta of result.deltas) this.#hub.publish(delta);
    for (const waiter of this.#waiters) if (intake.next(waiter.topic) > waiter.offset) waiter.done(true);
    this.#options.onMicroBatch?.(result, performance.now() - startedMs);
  }

  /** A small micro-batch costs as much as one ten times its size: what trickles in is gathered first. */
  async #paced(batches: readonly TopicBatch[], microBatch: () => Promise<void>): Promise<void> {
    const startedMs = performance.now();
    await microBatch();
    const records = batches.flatMap((batch) => batch.records);
    const bytes = records.reduce((sum, record) => sum + record.value.byteLength, 0);
    const tookMs = performance.now() - startedMs;
    const gatherMs = this.#options.gatherMs ?? GATHER_MS;
    const restMs = gatherMs === 0 ? 0 : Math.max(gatherMs - tookMs, Math.min(tookMs, LONGEST_REST_MS));
    if (bytes >= GATHERED_BYTES || restMs <= 0 || this.#waiters.size > 0) return;
    this.#rest = new AbortController();
    // neither a stop nor a reader waits for more
    const signal = AbortSignal.any([this.#stop.signal, this.#rest.signal]);
    await pause(restMs, undefined, { signal }).catch(() => undefined);
  }

  /** Goes on with changed models. @see Evolution */
  async #evolve(connection: DuckDBConnection): Promise<void> {
    const { evolution, checkpoints, models } = this.#options;
    if (evolution.isAtRest) return;
    let isSwapped = false;
    const step = async (isLakeAtRest: boolean): Promise<void> => {
      isSwapped = (await evolution.step({ isLakeAtRest })) === "swapped";
    };
    if (!evolution.isReady) await step(false);
    else if (this.#checkpointing === null) await checkpoints.swap(() => step(true));
    if (!isSwapped) return;
    this.#sequence = await readSequence(connection);
    this.#counters = await readModels(connection);
    const deltas = models.models.filter(({ live, name }) => live && evolution.hasChanged(name));
    for (const { name } of deltas)
      this.#hub.publish({ model: name, sequence: this.#sequence, upserts: [], deletes: [], complete: false });
    // the lake is told of all of them at once, and soon
    this.#checkpointDueMs = 0;
  }

  #checkpointWhenDue(): void {
    if (this.#checkpointing !== null || performance.now() < this.#checkpointDueMs) return;
    const startedMs = performance.now();
    this.#checkpointing = this.#checkpoint().finally(() => {
      const tookMs = performance.now() - startedMs;
      const pauseMs = Math.max(this.#intervalMs - tookMs, CHECKPOINT_PAUSE * tookMs);
      this.#checkpointDueMs = performance.now() + pauseMs;
      this.#checkpointing = null;
    });
  }

  async #checkpoint(): Promise<void> {
    const startedMs = performance.now();
    try {
      await this.#options.checkpoints.write();
      this.#progress.checkpointWritten(performance.now() - startedMs);
    } catch (error) {
      // what was not written is still marked, so the next checkpoint takes it; indicators don't wait for the lake
      // cut short by the stop: the next start's first checkpoint takes it
      if (this.#stop.signal.aborted && this.#status !== "failed") return;
      this.#progress.checkpointFailed(error);
      this.#options.onFailure?.(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#status === "failed") return;
    this.#status = "failed";
    this.#stop.abort();
    this.#error = failureOf(error);
    this.#options.onFailure?.(error);
    for (const waiter of this.#waiters) waiter.done(false);
  }
}

/** A device's registration is taken in before the readings that came with it. */
function registersFirst(models: ModelSet): ModelSet["topics"] {
  return [...models.topics].sort(
    (a, b) => Number(a.scopeField !== undefined) - Number(b.scopeField !== undefined),
  );
}
