import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Topic, TOPICS } from "@gridlake/contracts";
import { type EmbeddedLog, openEmbeddedLog } from "@gridlake/durable-log";
import type { ModelSet } from "../ir/index.ts";
import { checkModels, describeProblem, loadModels } from "../model/index.ts";
import type { SourceFile } from "../model/source-file.ts";
import { openPipeline, type Pipeline, type PipelineOptions } from "../open-pipeline.ts";
import { type Verification, type VerifiedTable, verifyLake } from "../verify/verify.ts";

const SHIPPED = fileURLToPath(new URL("../../../models", import.meta.url));
/** Long enough for a busy machine; a test that needs it has failed otherwise. */
const REACH_MS = 120_000;
/** The same. A stop that cuts its checkpoint short leaves a lake that tests did not mean: a test that wants one interrupts. */
const LAST_CHECKPOINT_MS = 120_000;

export const shippedModels = (): Promise<ModelSet> => loadModels(SHIPPED, TOPICS);

/** Models from files, all of which must be right. */
export async function modelsOf(files: readonly SourceFile[], topics: readonly Topic[]): Promise<ModelSet> {
  const { set, problems } = await checkModels(files, topics);
  if (problems.length > 0) throw new Error(problems.map(describeProblem).join("\n"));
  return set;
}

/** A pipeline on a log and a lake of its own in a temporary folder. */
export class PipelineFixture {
  readonly dir = mkdtempSync(join(tmpdir(), "gridlake-pipeline-"));
  /** What the next `open` runs. */
  models: ModelSet;
  /** What the engine was told of, unless a test listens itself. */
  readonly failures: unknown[] = [];
  readonly #options: Partial<PipelineOptions>;
  #log: EmbeddedLog | null = null;
  #pipeline: Pipeline | null = null;

  constructor(models: ModelSet, options: Partial<PipelineOptions> = {}) {
    this.models = models;
    this.#options = options;
  }

  get log(): EmbeddedLog {
    if (this.#log === null) throw new Error("the fixture is not open");
    return this.#log;
  }

  get pipeline(): Pipeline {
    if (this.#pipeline === null) throw new Error("the fixture is not open");
    return this.#pipeline;
  }

  get lakeDir(): string {
    return join(this.dir, "lake");
  }

  async open(): Promise<void> {
    mkdirSync(join(this.dir, "log"), { recursive: true });
    this.#log ??= await openEmbeddedLog({ dir: join(this.dir, "log") });
    this.#pipeline = await openPipeline({
      dataDir: this.dir,
      lakeDir: this.lakeDir,
      log: this.log,
      models: this.models,
      // checkpoints are the test's own
      checkpointIntervalMs: 3_600_000,
      lastCheckpointMs: LAST_CHECKPOINT_MS,
      // a test sends one record at a time and waits for it
      gatherMs: 0,
      onFailure: (error) => this.failures.push(error),
      ...this.#options,
    });
    await this.#pipeline.engine.start();
  }

  /** Waits until every model's table is of the model as it is. */
  async current(): Promise<void> {
    const { engine } = this.pipeline;
    const endMs = Date.now() + REACH_MS;
    const isCurrent = (): boolean =>
      engine.state().models.every(({ version }) => version.status === "current");
    while (!isCurrent()) {
      const isFailed = engine.state().models.some(({ version }) => version.status === "failed");
      if (isFailed || Date.now() > endMs) {
        const waiting = engine.state().models.filter(({ version }) => version.status !== "current");
        throw new Error(`not current: ${JSON.stringify(waiting)} ${this.failures.join("; ")}`);
      }
      await pause(5);
    }
  }

  /** Stops the pipeline; the log stays open. */
  async stop(): Promise<void> {
    await this.#pipeline?.close();
    this.#pipeline = null;
  }

  /** Appends one record of lines and waits until they are queryable. */
  async send(
    topic: string,
    lines: readonly (object | string)[],
    headers: Record<string, string> = {},
  ): Promise<void> {
    const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
    const record = { value: new TextEncoder().encode(text), headers, timestampMs: Date.now() };
    const { last } = await this.log.append({ topic }, [record]);
    if (await this.pipeline.engine.reached(topic, last, REACH_MS)) return;
    throw new Error(`not reached: ${JSON.stringify(this.pipeline.engine.state().error)}`);
  }

  rows(sql: string) {
    return this.pipeline.engine.serving.rows(sql);
  }

  checkpoint(): Promise<void> {
    return this.pipeline.checkpoints.write();
  }

  async verify(onTable?: (table: VerifiedTable) => void): Promise<Verification> {
    return verifyLake({
      lakeDir: this.lakeDir,
      models: this.models,
      log: this.log,
      workDir: this.dir,
      ...(onTable === undefined ? {} : { onTable }),
      timeZone: this.#options.timeZone ?? "UTC",
    });
  }

  async remove(): Promise<void> {
    await this.stop();
    await this.#log?.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
