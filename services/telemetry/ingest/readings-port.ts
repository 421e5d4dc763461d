import { READINGS } from "@gridlake/contracts";
import type { Log } from "@gridlake/durable-log";
import { type Clock, GridlakeError } from "@gridlake/kernel";
import type { PipelineWatch } from "@gridlake/pipeline";
import type { TelemetryConfig } from "../config.ts";
import { countLines } from "../line/lines.ts";
import { Backpressure } from "./backpressure.ts";
import { batchRecords } from "./batch-records.ts";
import { HeldBytes } from "./body.ts";
import { DeviceTokens, type IntrospectToken, type Sender } from "./device-token.ts";
import { toJsonLines } from "./json-lines.ts";
import { RateLimit } from "./rate-limit.ts";
import { StrictBatch, type StrictAnswer } from "./strict-batch.ts";

/** The answer to an accepted batch; `batch` names it from now on. */
export interface BatchReceipt {
  batch: string;
  lines: number;
  bytes: number;
}

export const BATCH_PREFIX = `${READINGS.name}-`;

/**
 * Where readings come in. L2: `take` resolves only after the log has synced the bytes. The fast path does not look into
 * a line: the pipeline judges it, one micro-batch later, by the same rules that the strict path applies at once.
 */
export class ReadingsPort {
  readonly tokens: DeviceTokens;
  readonly memory: HeldBytes;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #limits: TelemetryConfig["ingest"];
  readonly #backpressure: Backpressure;
  readonly #rate: RateLimit;
  readonly #strict = new StrictBatch(READINGS);

  constructor(parts: {
    log: Log;
    pipeline: PipelineWatch;
    introspectToken: IntrospectToken;
    clock: Clock;
    limits: TelemetryConfig["ingest"];
  }) {
    const { clock, limits } = parts;
    this.#log = parts.log;
    this.#clock = clock;
    this.#limits = limits;
    this.memory = new HeldBytes({ room: "INGEST", max: limits.maxHeldBytes });
    this.tokens = new DeviceTokens({
      introspect: parts.introspectToken,
      clock,
      ttlMs: limits.tokenTtlMs,
      maxTokens: limits.maxTokens,
    });
    this.#rate = new RateLimit({ clock, linesPerSecond: limits.maxLinesPerSecond });
    this.#backpressure = new Backpressure({
      watch: parts.pipeline,
      clock,
      topic: READINGS.name,
      maxRecords: limits.maxLagRecords,
      maxBytes: limits.maxLagBytes,
    });
  }

  maxBodyBytes(strict: boolean): number {
    return strict
      ? Math.min(this.#limits.maxStrictBodyBytes, this.#limits.maxBodyBytes)
      : this.#limits.maxBodyBytes;
  }

  /** What can be refused before the body is read. @throws INGEST_RATE_LIMITED, INGEST_PIPELINE_BEHIND */
  admit(sender: Sender): void {
    this.#rate.check(sender.subject);
    this.#backpressure.check();
  }

  /**
   * Writes a body to the log as it is. The array form is cut into lines in place, so `body` is spent afterwards.
   * @throws INGEST_BODY_EMPTY, INGEST_TOO_MANY_LINES, INGEST_ARRAY_MALFORMED, LOG_BUSY, LOG_FULL
   */
  async take(body: Buffer, { sender, json }: { sender: Sender; json: boolean }): Promise<BatchReceipt> {
    const { value, lines } = this.#cut(body, json);
    return this.#append(value, { sender, lines });
  }

  /** Judges every line at once; the accepted ones are written under the line numbers that they came with. */
  async takeStrict(body: Buffer, { sender, json }: { sender: Sender; json: boolean }): Promise<StrictAnswer> {
    const { value, lines } = this.#cut(body, json);
    const { results, accepted, text } = this.#strict.judge(value.toString("utf8"), sender.scope);
    const receipt =
      accepted === 0 ? null : await this.#append(Buffer.from(text), { sender, lines: accepted });
    if (accepted === 0) this.#rate.spend(sender.subject, lines);
    return { batch: receipt?.batch ?? null, lines, accepted, rejected: lines - accepted, results };
  }

  #cut(body: Buffer, json: boolean): { value: Buffer; lines: number } {
    const value = json && body.length > 0 ? toJsonLines(body) : body;
    const lines = countLines(value);
    if (lines === 0) {
      throw new GridlakeError("INGEST_BODY_EMPTY", "the body holds no reading", {
        remedy: "send one JSON object a line, or a JSON array of objects",
        status: 400,
      });
    }
    if (lines > this.#limits.maxBatchLines) {
      throw new GridlakeError("INGEST_TOO_MANY_LINES", `the batch has ${lines} lines`, {
        remedy: `send at most ${this.#limits.maxBatchLines} lines a batch`,
        details: { lines, maxBatchLines: this.#limits.maxBatchLines },
        status: 413,
      });
    }
    return { value, lines };
  }

  async #append(value: Buffer, { sender, lines }: { sender: Sender; lines: number }): Promise<BatchReceipt> {
    this.#rate.spend(sender.subject, lines);
    const records = batchRecords(this.#log.recordUnit, {
      value,
      headers: sender.headers,
      timestampMs: this.#clock.nowMs(),
    });
    const { first, last } = await this.#log.append({ topic: READINGS.name }, records);
    this.#backpressure.appended(last, value.length);
    return { batch: `${BATCH_PREFIX}${first}`, lines, bytes: value.length };
  }
}
