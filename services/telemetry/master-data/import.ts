import type { Topic } from "@gridlake/contracts";
import type { Log } from "@gridlake/durable-log";
import { type Clock, GridlakeError } from "@gridlake/kernel";
import type { PipelineWatch } from "@gridlake/pipeline";
import type { TelemetryConfig } from "../config.ts";
import { HeldBytes } from "../ingest/body.ts";
import { csvLines, type RowError } from "./csv-lines.ts";

/** What an import did. `offsets` are those of the topic's log records that hold the rows, both included. */
export interface ImportReceipt {
  topic: string;
  rows: number;
  accepted: number;
  rejected: number;
  offsets: { first: number; last: number };
  errors: RowError[];
  /** Whether the rows can be queried already; with `waitMs: 0` it is not waited for. */
  queryable: boolean;
}

/** Takes register files in. One append carries a whole file, so that it is there whole or not at all. */
export class MasterDataImport {
  readonly memory: HeldBytes;
  readonly limits: TelemetryConfig["masterData"];
  readonly #log: Log;
  readonly #pipeline: PipelineWatch;
  readonly #clock: Clock;

  constructor(parts: {
    log: Log;
    pipeline: PipelineWatch;
    clock: Clock;
    limits: TelemetryConfig["masterData"];
  }) {
    this.limits = parts.limits;
    // two files at a time: imports are rare and large
    this.memory = new HeldBytes({ room: "IMPORT", max: 2 * parts.limits.maxBodyBytes });
    this.#log = parts.log;
    this.#pipeline = parts.pipeline;
    this.#clock = parts.clock;
  }

  /**
   * @throws IMPORT_ROWS_INVALID (422) naming the bad rows: any without `partial`, with it only when no row is good;
   *   IMPORT_EMPTY, and what csvLines and the log throw
   */
  async take(
    topic: Topic,
    csv: Buffer,
    options: { partial: boolean; waitMs: number; subject: string },
  ): Promise<ImportReceipt> {
    const { rows, lines, rejected, errors } = await csvLines(topic, csv, {
      maxRows: this.limits.maxRows,
      maxErrors: this.limits.maxReportedErrors,
    });
    if (rows === 0) {
      throw new GridlakeError("IMPORT_EMPTY", "the file has a header and no row", { status: 400 });
    }
    if (rejected > 0 && (!options.partial || lines.length === 0)) {
      throw new GridlakeError(
        "IMPORT_ROWS_INVALID",
        `${rejected} of ${rows} rows are refused; nothing is imported`,
        {
          remedy: "correct the rows, or send partial=true to take the good ones",
          details: { rows, rejected, errors },
          status: 422,
        },
      );
    }
    const timestampMs = this.#clock.nowMs();
    const headers = { subject: options.subject };
    const records = chunks(lines, this.#log.recordUnit === "line" ? 0 : this.limits.maxRecordBytes).map(
      (value) => ({
        value,
        headers,
        timestampMs,
      }),
    );
    const offsets = await this.#log.append({ topic: topic.name }, records);
    const queryable =
      options.waitMs > 0 && (await this.#pipeline.reached(topic.name, offsets.last, options.waitMs));
    return { topic: topic.name, rows, accepted: lines.length, rejected, offsets, errors, queryable };
  }
}

/** Lines packed into NDJSON values of at most `maxBytes`, or one line where a single one is longer: with 0, one each. */
function chunks(lines: readonly string[], maxBytes: number): Buffer[] {
  const values: Buffer[] = [];
  let held: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    const length = Buffer.byteLength(line) + 1;
    if (bytes + length > maxBytes && held.length > 0) {
      values.push(Buffer.from(held.join("\n")));
      held = [];
      bytes = 0;
    }
    held.push(line);
    bytes += length;
  }
  if (held.length > 0) values.push(Buffer.from(held.join("\n")));
  return values;
}
