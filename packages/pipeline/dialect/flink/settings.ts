import { DAY_MS, SECOND_MS } from "@gridlake/kernel";
import type { FlinkOptions } from "./job.ts";

const CHECKPOINT_MS = 10 * SECOND_MS;
/** A checkpoint may wait for a slow disk; a job that ends for it starts again from the one before. */
const CHECKPOINT_LIMIT_MS = 600 * SECOND_MS;
const RESTARTS_PAUSE_MS = 5 * SECOND_MS;
const RESTARTS = Math.floor(DAY_MS / RESTARTS_PAUSE_MS);

/** A job's settings; what each is for is in docs/reference/flink.md. */
export function jobSettings(options: FlinkOptions): Record<string, string> {
  return {
    "pipeline.name": options.name,
    "execution.runtime-mode": "streaming",
    "parallelism.default": String(options.parallelism ?? 1),
    // instants are TIMESTAMPs that show UTC, whatever the grid's time zone
    "table.local-time-zone": "UTC",
    // a row that Flink forgets would come again as a new one
    "table.exec.state.ttl": "0",
    // a CAST that fails is an error, and no NULL
    "table.exec.legacy-cast-behaviour": "DISABLED",
    // NULL in a key is an error, and no row that is missing
    "table.exec.sink.not-null-enforcer": "ERROR",
    // Hudi takes the row before a change for a row; so none comes to it, what is filtered away comes as a deletion
    "table.exec.sink.upsert-materialize": "FORCE",
    // what several models read is planned, and computed, once
    "table.optimizer.reuse-optimize-block-with-digest-enabled": "true",
    "table.optimizer.reuse-sub-plan-enabled": "true",
    "execution.checkpointing.mode": "EXACTLY_ONCE",
    "execution.checkpointing.interval": `${options.checkpointIntervalMs ?? CHECKPOINT_MS} ms`,
    "execution.checkpointing.timeout": `${CHECKPOINT_LIMIT_MS} ms`,
    "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
    "restart-strategy": "fixed-delay",
    "restart-strategy.fixed-delay.attempts": String(RESTARTS),
    "restart-strategy.fixed-delay.delay": `${RESTARTS_PAUSE_MS} ms`,
  };
}
