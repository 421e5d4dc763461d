/** A value as it leaves the pipeline: DECIMAL and BIGINT beyond 2^53 as text, instants as RFC 3339 in UTC. */
export type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;

/** Read access to what the pipeline holds, fresh to the last micro-batch. Tables carry their models' names. */
export interface Serving {
  /** One SELECT over the models' tables; `$1`, `$2` … are bound. @throws SERVING_TIMEOUT, SERVING_UNAVAILABLE */
  rows(sql: string, params?: readonly (string | number | boolean | null)[]): Promise<Row[]>;
}

/** What a micro-batch changed in one model's table. */
export interface LiveDelta {
  model: string;
  /** The micro-batch, from 1, strictly rising for the life of a data directory. */
  sequence: number;
  upserts: readonly Row[];
  /** Keys of the rows that are gone. */
  deletes: readonly Row[];
  /** False when the micro-batch changed more rows than are sent one by one: read the table again. */
  complete: boolean;
}

/** Changes of the models whose header says `live: true`, after each micro-batch. */
export interface LiveFeed {
  /** @throws MODEL_NOT_LIVE, MODEL_UNKNOWN. The listener must not block; @returns the end of the subscription. */
  subscribe(model: string, listener: (delta: LiveDelta) => void): () => void;
  readonly models: readonly string[];
}

/** A failure as it is told outside. */
export interface PipelineFailure {
  code: string;
  message: string;
}

export interface TopicState {
  topic: string;
  /** The log record that is taken in next, and the end of the log: `end - next` records wait. */
  next: number;
  end: number;
  /** Age of the newest record taken in, while others wait behind it; 0 when none waits, null until one was taken in. */
  lagMs: number | null;
}

export interface CheckpointState {
  /** 0 before the first. */
  number: number;
  /** The last micro-batch that the lake has. */
  sequence: number;
  completedAt: string | null;
  /** What the last one took; null until this start has written one. */
  durationMs: number | null;
  /** Failed ones since this start, and the last failure if none was completed after it. */
  failures: number;
  error: PipelineFailure | null;
}

/** How a model keeps its header's promise of freshness. */
export interface ModelFreshness {
  /** The header's `freshness`; null: no promise. */
  promisedMs: number | null;
  /** When a micro-batch last wrote rows of it; null when none has since this start. */
  changedAt: string | null;
  /** Whether longer ago than promised; null without a promise. Before the first change it counts from the start. */
  isStale: boolean | null;
}

/** Which version of a model its table is of. */
export interface ModelVersion {
  /**
   * `current`: the model as it is. Else the table is of an earlier version, or not there yet, until the new ones of all
   * changed models take their places at once: `waiting` for its turn, `building`, `built`, or `failed` until the next start.
   */
  status: "current" | "waiting" | "building" | "built" | "failed";
  /** The last micro-batch that the earlier version followed; null when it is current, or there is none. */
  asOf: number | null;
  /** How far its build is: rows so far, and parts of its time done. */
  building: { rows: number; partsDone: number; parts: number } | null;
}

export interface ModelState {
  name: string;
  layer: string;
  /** Rows taken in from its inputs, and rows written, over the data directory's life. */
  rowsIn: number;
  rowsOut: number;
  /** Rows replaced or taken back since this start. */
  rowsReplaced: number;
  /** Of the last completed checkpoint; 0 before the first. */
  checkpoint: number;
  freshness: ModelFreshness;
  version: ModelVersion;
}

/** What a test of the models found when it was last run over the engine's tables. */
export interface TestState {
  name: string;
  /** The model whose header has it; null for a test that is a file of its own. */
  model: string | null;
  kind: string;
  severity: "error" | "warn";
  /** `fail` and `warn`: rows break the rule, by its severity; `error`: it could not be run. */
  status: "pass" | "warn" | "fail" | "error";
  /** Rows that break it; null when it could not be run. */
  failures: number | null;
  error: PipelineFailure | null;
  checkedAt: string;
  durationMs: number;
}

export interface PipelineState {
  status: "starting" | "running" | "failed" | "stopped";
  /** The last committed micro-batch. */
  sequence: number;
  topics: readonly TopicState[];
  checkpoint: CheckpointState;
  models: readonly ModelState[];
  /** The last result of each test that was run since this start. */
  tests: readonly TestState[];
  /** Lines per second over the last ten seconds. */
  linesPerSecond: number;
  /** The failure that stopped it, if `status` is "failed"; else that of the last checkpoint, if it failed. */
  error: PipelineFailure | null;
}

export interface PipelineWatch {
  state(): PipelineState;
  /** Resolves true once every record of `topic` up to `offset` is queryable, false after `timeoutMs`. */
  reached(topic: string, offset: number, timeoutMs: number): Promise<boolean>;
}
