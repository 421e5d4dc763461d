import { READINGS, type RejectReason } from "@gridlake/contracts";
import type { Log, StoredRecord } from "@gridlake/durable-log";
import { GridlakeError, hasCode, SECOND_MS } from "@gridlake/kernel";
import type { PipelineWatch, Row, Serving } from "@gridlake/pipeline";
import { batchLength } from "./batch-records.ts";
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
  /**
   * The first quarantined lines, numbered as they came (in a log of single lines blank ones have no number); `raw` is null where the line itself is good and its device is unknown.
   */
  rejected: { line: number; reason: string; device: string | null; raw: string | null }[];
}

const LINES = "SELECT count(*) AS lines FROM ods_reading WHERE topic_offset BETWEEN $1 AND $2";
const REASONS = `SELECT reason, count(*) AS lines FROM dwd_refused WHERE topic = $1 AND topic_offset BETWEEN $2 AND $3 GROUP BY reason ORDER BY reason`;
// of several records each is one line, the first of the batch in the first of them
const REJECTED = `SELECT topic_offset - $2 + line AS line, reason, device, raw FROM dwd_refused
WHERE topic = $1 AND topic_offset BETWEEN $2 AND $3 ORDER BY topic_offset, line LIMIT $4`;

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
    const last = await this.#lastRecord(batch, { offset, asker });
    if (!(await this.#processed(last, waitMs))) {
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
    return this.#fromTables(batch, { first: offset, last, maxRejected });
  }

  async #processed(offset: number, waitMs: number): Promise<boolean> {
    const topic = this.#pipeline.state().topics.find((state) => state.topic === READINGS.name);
    if (topic !== undefined && topic.next > offset) return true;
    return waitMs > 0 && this.#pipeline.reached(READINGS.name, offset, Math.min(waitMs, MAX_WAIT_MS));
  }

  async #fromTables(
    batch: string,
    { first, last, maxRejected }: { first: number; last: number; maxRejected: number },
  ): Promise<BatchAccount> {
    const [counted, reasons, rejected] = await Promise.all([
      this.#serving.rows(LINES, [first, last]),
      this.#serving.rows(REASONS, [READINGS.name, first, last]),
      this.#serving.rows(REJECTED, [READINGS.name, first, last, Math.min(maxRejected, MAX_REPORTED_REJECTS)]),
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

  /** The last of the batch's records, for one who may ask. */
  async #lastRecord(batch: string, { offset, asker }: { offset: number; asker: Asker }): Promise<number> {
    const { recordUnit } = this.#log;
    if (recordUnit === "lines" && asker === "user") return offset;
    const record = await this.#firstRecord(batch, offset);
    const length = record === undefined ? undefined : batchLength(recordUnit, record);
    // another sender's batch is not even confirmed to exist
    if (length === undefined || (asker !== "user" && record?.headers["subject"] !== asker.subject)) {
      throw unknownBatch(batch);
    }
    return offset + length - 1;
  }

  async #firstRecord(batch: string, offset: number): Promise<StoredRecord | undefined> {
    try {
      const range = { after: offset - 1, maxRecords: 1, maxBytes: 1 };
      const [record] = await this.#log.read({ topic: READINGS.name }, range);
      return record;
    } catch (error) {
      if (hasCode(error, "LOG_OFFSET_OUT_OF_RANGE")) throw expired(batch);
      throw error;
    }
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
