import { READINGS, type RejectReason } from "@gridlake/contracts";
import type { Log } from "@gridlake/durable-log";
import { GridlakeError, hasCode, SECOND_MS } from "@gridlake/kernel";
import type { PipelineWatch, Row, Serving } from "@gridlake/pipeline";
import { BATCH_PREFIX } from "./readings-port.ts";

/** Longest `?wait`. */
export const MAX_WAIT_MS = 30 * SECOND_MS;
export const MAX_REPORTED_REJECTS = 1_000;
/** Of a refused line, in characters; the quarantine table has the whole. */
const RAW_EXCERPT = 500;

/** Why a line is in quarantine: what is wrong with it, or that its device is not in the register. */
export type QuarantineReason = RejectReason | "UNKNOWN_DEVICE";

/** What became of a batch. While it is pending, the counts are `null`. */
export interface BatchAccount {
  batch: string;
  state: "pending" | "processed";
  lines: number | null;
  accepted: number | null;
  quarantined: number | null;
  reasons: Partial<Record<QuarantineReason, number>>;
  /** The first quarantined lines; `raw` is null where the line itself is good and its device is unknown. */
  rejected: { line: number; reason: string; device: string | null; raw: string | null }[];
}

const LINES = "SELECT count(*) AS lines FROM ods_reading WHERE topic_offset = $1";
const REASONS = `SELECT reason, count(*) AS lines FROM dwd_refused WHERE topic = $1 AND topic_offset = $2 GROUP BY reason ORDER BY reason`;
const REJECTED = `SELECT line, reason, device, raw FROM dwd_refused WHERE topic = $1 AND topic_offset = $2 ORDER BY line LIMIT $3`;

/** Who asks: the sender may see its own batches, a signed-in user all. */
export type Asker = { subject: string } | "user";

/** Tells what became of each batch, from the pipeline's own tables. */
export class BatchAccounts {
  readonly #log: Log;
  readonly #serving: Serving;
  readonly #pipeline: PipelineWatch;

  constructor(parts: { log: Log; serving: Serving; pipeline: PipelineWatch }) {
    this.#log = parts.log;
    this.#serving = parts.serving;
    this.#pipeline = parts.pipeline;
  }

  /**
   * A device registered later takes its lines out of quarantine, so the counts of a processed batch may change. A line
   * that was mended and sent again stays refused here: what counts is another batch's.
   * @throws INGEST_BATCH_UNKNOWN (404), INGEST_BATCH_EXPIRED (410)
   */
  async account(
    batch: string,
    { asker, waitMs, maxRejected }: { asker: Asker; waitMs: number; maxRejected: number },
  ): Promise<BatchAccount> {
    const offset = offsetOf(batch);
    const { next } = await this.#log.bounds({ topic: READINGS.name });
    if (offset >= next) throw unknownBatch(batch);
    if (asker !== "user") await this.#assertSender(batch, { offset, subject: asker.subject });
    if (!(await this.#processed(offset, waitMs))) {
      return {
        batch,
        state: "pending",
        lines: null,
        accepted: null,
        quarantined: null,
        reasons: {},
        rejected: [],
      };
    }
    return this.#fromTables(batch, { offset, maxRejected });
  }

  async #processed(offset: number, waitMs: number): Promise<boolean> {
    const topic = this.#pipeline.state().topics.find((state) => state.topic === READINGS.name);
    if (topic !== undefined && topic.next > offset) return true;
    return waitMs > 0 && this.#pipeline.reached(READINGS.name, offset, Math.min(waitMs, MAX_WAIT_MS));
  }

  async #fromTables(
    batch: string,
    { offset, maxRejected }: { offset: number; maxRejected: number },
  ): Promise<BatchAccount> {
    const [counted, reasons, rejected] = await Promise.all([
      this.#serving.rows(LINES, [offset]),
      this.#serving.rows(REASONS, [READINGS.name, offset]),
      this.#serving.rows(REJECTED, [READINGS.name, offset, Math.min(maxRejected, MAX_REPORTED_REJECTS)]),
    ]);
    const lines = Number(counted[0]?.["lines"] ?? 0);
    // every batch has a line, so none means that they are past the horizon
    if (lines === 0) throw expired(batch);
    const quarantined = reasons.reduce((sum, row) => sum + Number(row["lines"]), 0);
    return {
      batch,
      state: "processed",
      lines,
      accepted: lines - quarantined,
      quarantined,
      reasons: Object.fromEntries(reasons.map((row) => [String(row["reason"]), Number(row["lines"])])),
      rejected: rejected.map(rejectedLine),
    };
  }

  async #assertSender(
    batch: string,
    { offset, subject }: { offset: number; subject: string },
  ): Promise<void> {
    try {
      const [record] = await this.#log.read(
        { topic: READINGS.name },
        { after: offset - 1, maxRecords: 1, maxBytes: 1 },
      );
      if (record?.headers["subject"] === subject) return;
    } catch (error) {
      if (hasCode(error, "LOG_OFFSET_OUT_OF_RANGE")) throw expired(batch);
      throw error;
    }
    // another sender's batch is not even confirmed to exist
    throw unknownBatch(batch);
  }
}

function rejectedLine(row: Row): BatchAccount["rejected"][number] {
  const device = row["device"] ?? null;
  const raw = row["raw"] ?? null;
  return {
    line: Number(row["line"]),
    reason: String(row["reason"]),
    device: device === null ? null : String(device),
    raw: raw === null ? null : String(raw).slice(0, RAW_EXCERPT),
  };
}

function offsetOf(batch: string): number {
  const digits = batch.startsWith(BATCH_PREFIX) ? batch.slice(BATCH_PREFIX.length) : "";
  if (!/^(?:0|[1-9]\d{0,14})$/.test(digits)) throw unknownBatch(batch);
  return Number(digits);
}

function unknownBatch(batch: string): GridlakeError {
  return new GridlakeError("INGEST_BATCH_UNKNOWN", `there is no batch ${batch.slice(0, 60)} of yours`, {
    remedy: "take the id from the answer to the batch, and ask with the token that sent it",
    status: 404,
  });
}

function expired(batch: string): GridlakeError {
  return new GridlakeError("INGEST_BATCH_EXPIRED", `the lines of ${batch} are past the horizon`, {
    remedy: "query ods_reading and dwd_refused in the lake by topic_offset",
    status: 410,
  });
}
