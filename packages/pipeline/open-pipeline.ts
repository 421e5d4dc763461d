import { join } from "node:path";
import type { Log } from "@gridlake/durable-log";
import type { Storage } from "@gridlake/hudi";
import { bringInStep } from "./checkpoint/bring-in-step.ts";
import { Checkpoints, type CommittedTable } from "./checkpoint/checkpoints.ts";
import { LakeTables } from "./checkpoint/lake-tables.ts";
import { Evolution, type EvolutionOptions } from "./evolution/evolution.ts";
import type { ModelSet } from "./ir/index.ts";
import { Database } from "./runtime/database.ts";
import { Engine, type EngineOptions } from "./runtime/engine.ts";
import { Maintainer } from "./runtime/maintainer.ts";

/** Five minutes of history at the default checkpoint interval. */
const RETAIN_COMMITS = 30;

/** A micro-batch is less than one of DuckDB's row groups, so that most of its statements have work for one thread. */
const ENGINE_THREADS = 1;

export interface PipelineOptions {
  /** Holds `engine/pipeline.duckdb`. */
  dataDir: string;
  lakeDir: string;
  /** @default the local disk */
  lakeStorage?: Storage;
  log: Log;
  models: ModelSet;
  /** The grid's time zone: where a day begins. @default "UTC" */
  timeZone?: string;
  /** Of one query while the engine runs. @default 1 (decision 0015); what has to be computed again at the start takes two */
  threads?: number;
  memoryLimitMib?: number;
  limits?: EngineOptions["limits"];
  checkpointIntervalMs?: number;
  lastCheckpointMs?: number;
  gatherMs?: number;
  /** Commits as of which a lake table can still be read; older files are deleted. @default 30 */
  retainCommits?: number;
  /** How changed models are built anew. */
  evolution?: Pick<EvolutionOptions, "partRows" | "followRows">;
  onMicroBatch?: EngineOptions["onMicroBatch"];
  onFailure?: EngineOptions["onFailure"];
  /** Told of each commit of a checkpoint to a table; must not throw. */
  onCommitted?: (committed: CommittedTable) => void;
  /** Told what takes long at the start. */
  onProgress?: (message: string) => void;
}

export interface Pipeline {
  engine: Engine;
  checkpoints: Checkpoints;
  /** Stops the engine, writes a last checkpoint, closes the database. */
  close(): Promise<void>;
}

/**
 * Opens the engine on its data directory, with state and lake in step: what the state lacks comes from the lake,
 * what the lake lacks is written by the next checkpoint. Changed models are built while the engine runs.
 */
export async function openPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { models } = options.models;
  const timeZone = options.timeZone ?? "UTC";
  const database = await Database.open({
    path: join(options.dataDir, "engine", "pipeline.duckdb"),
    timeZone,
    ...(options.memoryLimitMib === undefined ? {} : { memoryLimitMib: options.memoryLimitMib }),
  });
  try {
    const lake = await LakeTables.open({
      lakeDir: options.lakeDir,
      models,
      timeZone,
      ...(options.lakeStorage === undefined ? {} : { storage: options.lakeStorage }),
    });
    const maintainers = models.map((model) => new Maintainer(model));
    const evolving = await bringInStep({
      database,
      maintainers,
      lake,
      timeZone,
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    });
    await database.useThreads(options.threads ?? ENGINE_THREADS);
    const tables = new Map(maintainers.map(({ name, table }) => [name, table]));
    const evolution = new Evolution(
      {
        ...evolving,
        ...options.evolution,
        database,
        lake,
        models,
        timeZone,
        onFailure: options.onFailure ?? (() => undefined),
      },
      maintainers,
    );
    const checkpoints = new Checkpoints({
      database,
      models,
      tables,
      lake,
      timeZone,
      retention: { retainCommits: options.retainCommits ?? RETAIN_COMMITS },
      former: new Set(evolving.changed.keys()),
      onTidyFailure: options.onFailure ?? (() => undefined),
      ...(options.onCommitted === undefined ? {} : { onCommitted: options.onCommitted }),
    });
    const engine = new Engine({
      database,
      log: options.log,
      models: options.models,
      evolution,
      checkpoints,
      ...(options.limits === undefined ? {} : { limits: options.limits }),
      ...(options.checkpointIntervalMs === undefined
        ? {}
        : { checkpointIntervalMs: options.checkpointIntervalMs }),
      ...(options.lastCheckpointMs === undefined ? {} : { lastCheckpointMs: options.lastCheckpointMs }),
      ...(options.gatherMs === undefined ? {} : { gatherMs: options.gatherMs }),
      ...(options.onMicroBatch === undefined ? {} : { onMicroBatch: options.onMicroBatch }),
      ...(options.onFailure === undefined ? {} : { onFailure: options.onFailure }),
    });
    const close = async (): Promise<void> => {
      await engine.stop();
      database.close();
    };
    return { engine, checkpoints, close };
  } catch (error) {
    database.close();
    throw error;
  }
}
