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

export interface ModelState {
  name: string;
  layer: string;
  rowsIn: number;
  rowsOut: number;
  /** Of the last completed checkpoint; 0 before the first. */
  checkpoint: number;
}

export interface PipelineState {
  status: "starting" | "running" | "failed" | "stopped";
  /** The last committed micro-batch. */
  sequence: number;
  /** Log records taken in by the last micro-batch and waiting behind it, per topic. */
  topics: readonly { topic: string; next: number; end: number }[];
  checkpoint: { number: number; sequence: number; completedAt: string | null };
  models: readonly ModelState[];
  /** Lines per second over the last ten seconds. */
  linesPerSecond: number;
  /** The failure that stopped it, if `status` is "failed". */
  error: { code: string; message: string } | null;
}

export interface PipelineWatch {
  state(): PipelineState;
  /** Resolves true once every record of `topic` up to `offset` is queryable, false after `timeoutMs`. */
  reached(topic: string, offset: number, timeoutMs: number): Promise<boolean>;
}
