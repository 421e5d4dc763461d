/** What the commands need of the composition root (`apps/platform`), so that tests can stand in for it. */
export interface Platform {
  startPlatform(options: StartOptions): Promise<RunningPlatform>;
  openLakeQuery(options: { dataDir: string }): Promise<LakeQuery>;
  openLake(options: { dataDir: string }): Promise<Lake>;
  openModels(options: { directory?: string }): Promise<Models>;
  openFlinkPipeline(place: FlinkPlace): Promise<FlinkDeployer>;
  verify(options: { dataDir: string; onTable?: (table: VerifiedTable) => void }): Promise<Verification>;
}

export interface StartOptions {
  dataDir: string;
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** The first start makes `admin` with it; without it, a password is generated. */
  adminPassword?: string;
  profile: "embedded";
  /** Folder of the built web application. */
  webRoot: string;
  onProgress: (message: string) => void;
}

/** Addresses of a cluster, and what its job is told. */
export interface FlinkPlace {
  dataDir: string;
  gateway: string;
  flink: string;
  kafka: string;
  lake: string;
  topicPrefix?: string;
  timeZone?: string;
  parallelism?: number;
  checkpointSeconds?: number;
  modelsDir?: string;
  onProgress?: (message: string) => void;
}

export interface FlinkDeployer {
  pipeline: {
    deploy(): Promise<FlinkDeployment>;
    stop(options: { drain: boolean }): Promise<FlinkDeployment>;
    plan(): Promise<FlinkUpgrade>;
    upgrade(options: { rebuild: boolean }): Promise<{ plan: FlinkUpgrade; deployment: FlinkDeployment }>;
    takeSavepoint(): Promise<FlinkDeployment>;
    deployment(): Promise<FlinkDeployment | null>;
    status(): Promise<FlinkStatus>;
  };
  close(): Promise<void>;
}

export interface FlinkDeployment {
  jobName: string;
  jobId: string;
  state: "running" | "stopped";
  lakePath: string;
  /** The tables to read: those of before, until the new ones have caught up. */
  servedPath: string;
  savepoints: readonly { path: string; takenAt: string; generation: number; drained: boolean }[];
}

export type FlinkUpgrade =
  | { kind: "nothing" }
  | { kind: "resume"; savepoint: { path: string } }
  | {
      kind: "rebuild";
      changes: { added: readonly string[]; changed: readonly string[]; removed: readonly string[] };
    };

export interface FlinkStatus {
  deployment: FlinkDeployment;
  state: string;
  restarts: number;
  lastFailure: { cause: string; atMs: number } | null;
  checkpoints: {
    completed: number;
    failed: number;
    latest: { number: number; completedAtMs: number; durationMs: number; stateBytes: number } | null;
    lastFailure: string | null;
  };
  lag: Readonly<Record<string, number>>;
  caughtUp: boolean;
  models: readonly { model: string; rowsWritten: number | null }[];
}

export interface RunningPlatform {
  url: string;
  /** Only when this start has generated it. */
  adminPassword?: string | undefined;
  stop(): Promise<void>;
}

export interface Column {
  name: string;
  /** DuckDB's name of the type: `BIGINT`, `DECIMAL(12,3)`, `TIMESTAMP WITH TIME ZONE` … */
  type: string;
}

export interface QueryResult {
  columns: readonly Column[];
  /** Values as text, in the columns' order. */
  rows: readonly (readonly (string | null)[])[];
}

export interface LakeQuery {
  run(sql: string, options: { asOf?: string }): Promise<QueryResult>;
  close(): Promise<void>;
}

export type LakeAnswer = QueryResult;

/** The lake's tables for those who keep them; each answer is a table of its own. */
export interface Lake {
  tables(): Promise<LakeAnswer>;
  show(table: string): Promise<LakeAnswer>;
  timeline(table: string, options: { limit: number }): Promise<LakeAnswer>;
  history(table: string, options: { limit: number }): Promise<LakeAnswer>;
  diff(
    table: string,
    request: { after: string; upTo?: string; counts?: boolean; limit?: number },
  ): Promise<LakeAnswer>;
  files(table: string, options: { asOf?: string; partition?: string }): Promise<LakeAnswer>;
  clean(
    table: string,
    request: { dryRun: boolean; commits?: number; hours?: number; versions?: number },
  ): Promise<LakeAnswer>;
  compact(table: string, request: { dryRun: boolean; minLogFiles?: number }): Promise<LakeAnswer>;
  cluster(
    table: string,
    request: { dryRun: boolean; sortBy?: readonly string[]; partitions?: readonly string[] },
  ): Promise<LakeAnswer>;
  rollback(table: string, request: { instant: string; dryRun: boolean }): Promise<LakeAnswer>;
  restore(table: string, request: { to: string; dryRun: boolean }): Promise<LakeAnswer>;
  savepoints(
    table: string,
    request: {
      add?: { instant?: string; user: string; comment: string; dryRun?: boolean };
      remove?: { instant: string; dryRun?: boolean };
    },
  ): Promise<LakeAnswer>;
  import(table: string, options: LakeImport): Promise<LakeAnswer>;
  export(table: string, options: { to: string; asOf?: string }): Promise<LakeAnswer>;
  close(): Promise<void>;
}

export interface LakeImport {
  from: string;
  operation: "upsert" | "insert" | "bulk_insert";
  create?: {
    type: "COPY_ON_WRITE" | "MERGE_ON_READ";
    version: 6 | 8 | 9;
    recordKey: readonly string[];
    partition: readonly string[];
    ordering: string | null;
  };
}

export interface VerifiedTable {
  model: string;
  rowsCompared: number;
  differences: number;
  /** Some of the rows that differ, as text. */
  samples: readonly string[];
  /** How long the batch took. */
  batchMs: number;
  /** The lake has an earlier version of the model, so nothing was compared. */
  isFormer: boolean;
}

export interface Verification {
  /** Per topic, acknowledged log records that are not in the lake yet, and so were not compared. */
  waiting: Readonly<Record<string, number>>;
  /** Per topic, log records that the log keeps no more: their lines were taken from the lake. */
  trimmed: Readonly<Record<string, number>>;
  tables: readonly VerifiedTable[];
  differences: number;
  /** How long the micro-batches took that the lake was made by; null where its commits do not tell. */
  streamMs: number | null;
}

/** The models of a folder; all but `check` refuse one that has problems. */
export interface Models {
  check(): { files: number; models: number; problems: readonly ModelProblem[] };
  list(selection: ModelSelection): QueryResult;
  show(name: string, options: { dataDir?: string; limit: number }): Promise<ShownModel>;
  lineage(of: readonly string[], options: { form: LineageForm; exclude?: readonly string[] }): string;
  compile(
    dialect: "duckdb" | "flink" | "docs",
    selection: ModelSelection,
    place: { kafka: string; lake: string; timeZone: string },
  ): readonly CompiledFile[];
  goldens(options: { write: boolean }): Promise<readonly string[]>;
  test(
    options: ModelSelection & {
      dataDir: string;
      asOf?: string;
      samples?: number;
      onTest: (tested: TestedRule) => void;
    },
  ): Promise<{ checkpoint: number; tests: number }>;
}

export interface ModelSelection {
  select?: readonly string[];
  exclude?: readonly string[];
}

export type LineageForm = "tree" | "json" | "mermaid" | "dot" | "openlineage";

export interface ModelProblem {
  code: string;
  file: string;
  line: number;
  column: number;
  construct: string;
  message: string;
  remedy: string;
}

export interface ShownModel {
  name: string;
  layer: string;
  file: string;
  description: string;
  owner: string;
  tags: readonly string[];
  key: readonly string[];
  ordering: readonly string[];
  partition: string | null;
  freshnessMs: number | null;
  live: boolean;
  topics: readonly string[];
  inputs: readonly string[];
  seeds: readonly string[];
  readers: readonly string[];
  columns: readonly {
    name: string;
    type: string;
    nullable: boolean;
    unit: string | null;
    description: string;
    from: readonly { table: string; column: string; influence: string }[];
  }[];
  tests: readonly string[];
  maintenance: { kind: string; words: string };
  /** The first rows in the lake; null where there is no lake. */
  sample: QueryResult | null;
}

export interface CompiledFile {
  /** With `/`. */
  path: string;
  text: string;
}

export interface TestedRule {
  name: string;
  severity: "error" | "warn";
  status: "pass" | "warn" | "fail" | "error";
  /** Rows that break the rule; null when it could not be run. */
  failures: number | null;
  samples: readonly Readonly<Record<string, string | number | boolean | null>>[];
  error: { code: string; message: string } | null;
  durationMs: number;
}
