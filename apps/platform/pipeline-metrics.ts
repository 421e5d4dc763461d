import type { PipelineOptions, PipelineWatch } from "@gridlake/pipeline";
import { Counter, Gauge, Histogram, type Metrics } from "@gridlake/service-kit";

const MICRO_BATCH_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** The pipeline's measures, beside those of the services. */
export function pipelineMetrics(registry: Metrics["registry"]): {
  microBatch: NonNullable<PipelineOptions["onMicroBatch"]>;
  watch(engine: PipelineWatch): void;
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
    watch: (engine) => {
      const lag: Gauge = new Gauge({
        name: "gridlake_pipeline_lag_records",
        help: "log records that wait behind the last micro-batch",
        labelNames: ["topic"],
        registers: [registry],
        collect: () => {
          for (const { topic, next, end } of engine.state().topics) lag.set({ topic }, end - next);
        },
      });
      const checkpoint: Gauge = new Gauge({
        name: "gridlake_pipeline_checkpoint",
        help: "the last completed checkpoint",
        registers: [registry],
        collect: () => checkpoint.set(engine.state().checkpoint.number),
      });
    },
  };
}
