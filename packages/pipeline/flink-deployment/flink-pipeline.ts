import { GridlakeError, type Clock, systemClock } from "@gridlake/kernel";
import type { FlinkJob, FlinkOptions } from "../dialect/flink/job.ts";
import type { ModelSet } from "../ir/index.ts";
import { ENDED, FlinkJobs } from "../flink-gateway/flink-jobs.ts";
import {
  type Deployment,
  MOST_SAVEPOINTS,
  nextGeneration,
  readDeployment,
  type Savepoint,
  writeDeployment,
} from "./deployment.ts";
import { startJob } from "./job-start.ts";
import { jobStatus, type FlinkPipelineStatus } from "./pipeline-status.ts";
import { jobDigest, planUpgrade, type UpgradePlan } from "./upgrade.ts";

/** What a deployment needs of Kafka: the topics, and how far a group has read them. */
export interface DeploymentTopics {
  /** Makes those that are not there. A job that reads a topic that is missing starts again for ever. */
  ensure(topics: readonly string[]): Promise<void>;
  /** Records behind the end, of what the group has committed; per topic. */
  lag(group: string, topics: readonly string[]): Promise<Readonly<Record<string, number>>>;
}

export interface FlinkPipelineOptions {
  /** Of the SQL Gateway and of the JobManager, as http://… */
  gateway: string;
  flink: string;
  /** Where what is deployed is written down. */
  file: string;
  models: ModelSet;
  compile: (models: ModelSet, options: FlinkOptions) => FlinkJob;
  /** Name and lake path are those of no generation yet. */
  job: FlinkOptions;
  topics: DeploymentTopics;
  onProgress?: (message: string) => void;
  clock?: Clock;
}

/**
 * The models as a job of a Flink cluster, from one deployment to the next. One command at a time changes it.
 *
 * A start from nothing is a new generation, which writes tables of its own, `<lake>/g<n>`. So no row of other models or of an
 * earlier state is left in them, and the tables of before stay readable as they are until the new ones have caught up.
 */
export class FlinkPipeline {
  readonly #options: FlinkPipelineOptions;
  readonly #jobs: FlinkJobs;
  readonly #clock: Clock;

  constructor(options: FlinkPipelineOptions) {
    this.#options = options;
    this.#jobs = new FlinkJobs(options.flink);
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * The first start, or one after a stop: from the newest savepoint that fits, else from nothing.
   * @throws PIPELINE_DEPLOYED when one runs, and what `startJob` throws
   */
  async deploy(): Promise<Deployment> {
    const deployed = await readDeployment(this.#options.file);
    if (deployed === null) return this.#startAnew(null);
    if (deployed.state === "running" && (await this.#runs(deployed))) throw isDeployed(deployed);
    const plan = planUpgrade({ ...deployed, state: "stopped" }, this.#wanted());
    return plan.kind === "resume" ? this.#resume(deployed, plan.savepoint) : this.#startAnew(deployed);
  }

  /** What an upgrade would do. @throws PIPELINE_NOT_DEPLOYED */
  async plan(): Promise<UpgradePlan> {
    return planUpgrade(await this.#deployed(), this.#wanted());
  }

  /**
   * Brings the job to the models as they are now. The job of before ends with a savepoint.
   * @throws PIPELINE_NOT_DEPLOYED, and what `startJob` throws: then no job runs, and `deploy` with the models of before
   *   goes on from that savepoint
   */
  async upgrade({ rebuild = false }: { rebuild?: boolean } = {}): Promise<{
    plan: UpgradePlan;
    deployment: Deployment;
  }> {
    let deployed = await this.#deployed();
    const decided = planUpgrade(deployed, this.#wanted());
    const plan: UpgradePlan =
      rebuild && decided.kind !== "rebuild"
        ? { kind: "rebuild", changes: { added: [], changed: [], removed: [] } }
        : decided;
    if (plan.kind === "nothing") return { plan, deployment: deployed };
    if (plan.kind === "resume") return { plan, deployment: await this.#resume(deployed, plan.savepoint) };
    if (deployed.state === "running" && (await this.#runs(deployed)))
      deployed = await this.stop({ drain: false });
    return { plan, deployment: await this.#startAnew(deployed) };
  }

  /** Ends the job with a savepoint. @throws PIPELINE_NOT_DEPLOYED, PIPELINE_NOT_RUNNING, FLINK_SAVEPOINT_FAILED */
  async stop({ drain }: { drain: boolean }): Promise<Deployment> {
    const deployed = await this.#running();
    this.#say(`stopping job ${deployed.jobId} with a savepoint`);
    const path = await this.#jobs.stop(deployed.jobId, { drain });
    return this.#write({ ...this.#with(deployed, path, drain), state: "stopped" });
  }

  /** @throws as `stop` */
  async takeSavepoint(): Promise<Deployment> {
    const deployed = await this.#running();
    const path = await this.#jobs.savepoint(deployed.jobId);
    return this.#write(this.#with(deployed, path, false));
  }

  /** Also notes that a generation has caught up, from when on its tables are the ones to read. @throws PIPELINE_NOT_DEPLOYED */
  async status(): Promise<FlinkPipelineStatus> {
    const deployed = await this.#deployed();
    const { models, topics } = this.#options;
    const status = await jobStatus(deployed, { jobs: this.#jobs, topics, models });
    if (!status.caughtUp || deployed.servedPath === deployed.lakePath) return status;
    return { ...status, deployment: await this.#write({ ...deployed, servedPath: deployed.lakePath }) };
  }

  async deployment(): Promise<Deployment | null> {
    return readDeployment(this.#options.file);
  }

  async #startAnew(before: Deployment | null): Promise<Deployment> {
    const generation = await nextGeneration(this.#options.file, before);
    const lakePath = `${this.#options.job.lake.path}/g${generation}`;
    const job = this.#compile(generation, lakePath);
    this.#say(
      `generation ${generation}: ${job.inserts.length} inserts into ${lakePath}, from the topics' beginning`,
    );
    await this.#options.topics.ensure([...job.topics.read, ...job.topics.written]);
    const jobId = await this.#start(job);
    return this.#write({
      version: 1,
      jobName: job.name,
      jobId,
      state: "running",
      generation,
      lakePath,
      servedPath: before?.servedPath ?? lakePath,
      ...this.#marks(),
      topics: job.topics.read,
      deployedAt: this.#now(),
      savepoints: before?.savepoints ?? [],
    });
  }

  async #resume(deployed: Deployment, savepoint: Savepoint): Promise<Deployment> {
    const job = this.#compile(deployed.generation, deployed.lakePath);
    this.#say(`going on from the savepoint ${savepoint.path}`);
    await this.#options.topics.ensure([...job.topics.read, ...job.topics.written]);
    const jobId = await this.#start(job, savepoint.path);
    return this.#write({ ...deployed, jobId, state: "running", deployedAt: this.#now() });
  }

  #start(job: FlinkJob, savepoint?: string): Promise<string> {
    const { gateway, onProgress } = this.#options;
    return startJob({
      gateway,
      jobs: this.#jobs,
      job,
      ...(savepoint === undefined ? {} : { savepoint }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  }

  #compile(generation: number, path: string): FlinkJob {
    const { compile, models, job } = this.#options;
    // a generation's tables are its own, so there are no keys of before to be read
    return compile(models, {
      ...job,
      name: `${job.name}-g${generation}`,
      lake: { ...job.lake, path, bootstrapIndex: false },
    });
  }

  /** What the state of a job depends on, whatever its generation. */
  #marks(): { digest: string; models: Record<string, string> } {
    const { models } = this.#options.models;
    return {
      digest: jobDigest(this.#compile(0, this.#options.job.lake.path)),
      models: Object.fromEntries(models.map(({ name, fingerprint }) => [name, fingerprint])),
    };
  }

  #wanted(): { digest: string; models: ModelSet["models"] } {
    return { digest: this.#marks().digest, models: this.#options.models.models };
  }

  #with(deployed: Deployment, path: string, drained: boolean): Deployment {
    const { generation, digest } = deployed;
    const savepoint = { path, takenAt: this.#now(), generation, digest, drained };
    return { ...deployed, savepoints: [savepoint, ...deployed.savepoints].slice(0, MOST_SAVEPOINTS) };
  }

  async #deployed(): Promise<Deployment> {
    const deployed = await readDeployment(this.#options.file);
    if (deployed !== null) return deployed;
    throw new GridlakeError("PIPELINE_NOT_DEPLOYED", "no pipeline was deployed on Flink", {
      remedy: "deploy it: ./gridlake pipeline deploy",
      status: 404,
    });
  }

  async #running(): Promise<Deployment> {
    const deployed = await this.#deployed();
    if (deployed.state === "running" && (await this.#runs(deployed))) return deployed;
    throw new GridlakeError("PIPELINE_NOT_RUNNING", `job ${deployed.jobId} does not run`, {
      remedy: "start it again: ./gridlake pipeline deploy",
      details: { job: deployed.jobId },
      status: 409,
    });
  }

  async #runs(deployed: Deployment): Promise<boolean> {
    const status = await this.#jobs.status(deployed.jobId);
    return status !== null && !ENDED.has(status.state);
  }

  async #write(deployment: Deployment): Promise<Deployment> {
    await writeDeployment(this.#options.file, deployment);
    return deployment;
  }

  #now(): string {
    return new Date(this.#clock.nowMs()).toISOString();
  }

  #say(message: string): void {
    this.#options.onProgress?.(message);
  }
}

function isDeployed({ jobId, jobName }: Deployment): GridlakeError {
  return new GridlakeError("PIPELINE_DEPLOYED", `${jobName} runs as job ${jobId}`, {
    remedy: "bring it to changed models: ./gridlake pipeline upgrade; or stop it: ./gridlake pipeline stop",
    details: { job: jobId },
    status: 409,
  });
}
