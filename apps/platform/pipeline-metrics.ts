import type { PipelineOptions, PipelineState, PipelineWatch } from "@gridlake/pipeline";
import { Counter, Gauge, Histogram, type Metrics } from "@gridlake/service-kit";

const MICRO_BATCH_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** The pipeline's measures, beside those of the services. */
export function pipelineMetrics(registry: Metrics["registry"]): {
  microBatch: NonNullable<PipelineOptions["onMicroBatch"]>;
  watch(engine: PipelineWatch): void;
  quarantine(counts: Counted): void;
} {
  const lines = new Counter({
    name: "gridlake_pipeline_lines_total",
    help: "lines taken in from the topics",
    registers: [registry],
  });
  const duration = new Histogram({
    name: "gridlake_pipeline_micro_batch_seconds",
    help: "duration of a micro-batch, from taking its records to its commit",
    buckets: MICRO_BATCH_BUCKETS_S,
    registers: [registry],
  });
  return {
    microBatch: (result, durationMs) => {
      lines.inc(result.lines);
      duration.observe(durationMs / 1000);
    },
    watch: (engine) => watchState(registry, engine),
    quarantine: (counts) => watchQuarantine(registry, counts),
  };
}

/** Gauges over the pipeline's state, read when they are asked for. */
function watchState(registry: Metrics["registry"], engine: PipelineWatch): void {
  const gauge = (
    name: string,
    help: string,
    read: (state: PipelineState) => readonly Sample[],
    labelNames: readonly string[] = [],
  ): void => {
    const one: Gauge = new Gauge({
      name: `gridlake_pipeline_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      collect: () => {
        one.reset();
        for (const { labels = {}, value } of read(engine.state())) if (value !== null) one.set(labels, value);
      },
    });
  };
  const topic = ["topic"];
  const model = ["model"];
  gauge(
    "lag_records",
    "log records that wait behind the last micro-batch",
    ({ topics }) => topics.map((one) => ({ labels: { topic: one.topic }, value: one.end - one.next })),
    topic,
  );
  gauge(
    "lag_seconds",
    "no record that waits has waited longer; absent until one was taken in",
    ({ topics }) => topics.map((one) => ({ labels: { topic: one.topic }, value: seconds(one.lagMs) })),
    topic,
  );
  gauge("lines_per_second", "lines taken in a second, over the last ten seconds", (state) => [
    { value: state.linesPerSecond },
  ]);
  gauge("running", "1 while the engine runs, 0 when it has failed or stopped", (state) => [
    { value: Number(state.status === "running") },
  ]);
  gauge("checkpoint", "the last completed checkpoint", (state) => [{ value: state.checkpoint.number }]);
  gauge("checkpoint_age_seconds", "since the last completed checkpoint of this start", ({ checkpoint }) => [
    {
      value:
        checkpoint.completedAt === null ? null : seconds(Date.now() - Date.parse(checkpoint.completedAt)),
    },
  ]);
  gauge("checkpoint_seconds", "what the last completed checkpoint took", ({ checkpoint }) => [
    { value: seconds(checkpoint.durationMs) },
  ]);
  gauge("checkpoint_failures", "checkpoints that failed since the start", ({ checkpoint }) => [
    { value: checkpoint.failures },
  ]);
  for (const [name, help] of [
    ["rowsIn", "rows taken in from the model's inputs"],
    ["rowsOut", "rows written of the model"],
    ["rowsReplaced", "rows replaced or taken back since the start"],
  ] as const) {
    gauge(
      `model_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
      help,
      ({ models }) => models.map((one) => ({ labels: { model: one.name }, value: one[name] })),
      model,
    );
  }
  gauge(
    "test_failures",
    "rows that break a test of the models when it was last run; absent where it could not be run",
    ({ tests }) =>
      tests.map(({ name, severity, failures }) => ({ labels: { test: name, severity }, value: failures })),
    ["test", "severity"],
  );
  gauge(
    "tests",
    "tests of the models by what they found when they were last run",
    ({ tests }) =>
      ["pass", "warn", "fail", "error"].map((status) => ({
        labels: { status },
        value: tests.filter((test) => test.status === status).length,
      })),
    ["status"],
  );
  gauge(
    "model_stale",
    "1 where a model has not changed for longer than its header promises; absent without a promise",
    ({ models }) =>
      models.map(({ name, freshness: { isStale } }) => ({
        labels: { model: name },
        value: isStale === null ? null : Number(isStale),
      })),
    model,
  );
}

/** What is in quarantine, by topic and reason. */
interface Counted {
  counts(): Promise<readonly { topic: string; reason: string; lines: number }[]>;
}

function watchQuarantine(registry: Metrics["registry"], quarantine: Counted): void {
  const lines: Gauge = new Gauge({
    name: "gridlake_pipeline_quarantine_lines",
    help: "lines in quarantine, by topic and reason",
    labelNames: ["topic", "reason"],
    registers: [registry],
    collect: async () => {
      const counts = await quarantine.counts();
      lines.reset();
      for (const { topic, reason, lines: count } of counts) lines.set({ topic, reason }, count);
    },
  });
}

interface Sample {
  labels?: Record<string, string>;
  /** Null: not known, and not shown. */
  value: number | null;
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}
