import { DatabaseSync } from "node:sqlite";
import { READINGS } from "@gridlake/contracts";
import type { Log } from "@gridlake/durable-log";
import type { LiveDelta, LiveFeed, PipelineState, PipelineWatch, Row, Serving } from "@gridlake/pipeline";
import { isBlankLine } from "../line/lines.ts";
import { LineValidator } from "../line/validator.ts";

/**
 * A pipeline for tests that moves only when it is told to: it judges the lines of a real log and keeps the two
 * tables that batch accounts are read from in SQLite, so that their SQL is run and not imitated.
 */
export class SteppedPipeline implements PipelineWatch, Serving, LiveFeed {
  readonly models = ["ads_feeder_load_minute"];
  /** The device register; a reading of another device goes to quarantine. */
  readonly devices = new Set(["M1", "M2"]);
  next = 0;
  end = 0;
  sequence = 0;
  readonly #log: Log;
  readonly #validator = new LineValidator(READINGS);
  readonly #tables = new DatabaseSync(":memory:");
  readonly #listeners = new Set<(delta: LiveDelta) => void>();

  constructor(log: Log) {
    this.#log = log;
    this.#tables.exec(`
      CREATE TABLE ods_reading (topic_offset INTEGER, line INTEGER, raw TEXT);
      CREATE TABLE dwd_quarantine (topic TEXT, topic_offset INTEGER, line INTEGER, reason TEXT, raw TEXT);
      CREATE TABLE dwd_quarantine_resolution (of_topic TEXT, of_offset INTEGER, of_line INTEGER, action TEXT);
      CREATE TABLE dwd_refused (topic TEXT, topic_offset INTEGER, line INTEGER, reason TEXT, device TEXT, raw TEXT);`);
  }

  /** Takes in all that the log holds. */
  async catchUp(): Promise<void> {
    const ods = this.#tables.prepare("INSERT INTO ods_reading VALUES (?, ?, ?)");
    const quarantine = this.#tables.prepare("INSERT INTO dwd_refused VALUES ('readings', ?, ?, ?, ?, ?)");
    const range = { after: this.next - 1, maxRecords: 10_000, maxBytes: 1e9 };
    for (const { offset, value, headers } of await this.#log.read({ topic: READINGS.name }, range)) {
      const scope = headers["scope"] === undefined ? "*" : new Set(JSON.parse(headers["scope"]) as string[]);
      for (const [index, raw] of Buffer.from(value).toString("utf8").split("\n").entries()) {
        if (isBlankLine(raw)) continue;
        ods.run(offset, index + 1, raw);
        const refused = this.#validator.refusal(raw, scope)?.reason;
        const device = refused === "MALFORMED_JSON" ? null : (JSON.parse(raw) as { device?: string }).device;
        const reason = refused ?? (this.devices.has(device ?? "") ? null : "UNKNOWN_DEVICE");
        // as in dwd_refused: the values of a good line are in ods_reading
        if (reason !== null) quarantine.run(offset, index + 1, reason, device ?? null, refused ? raw : null);
      }
      this.next = offset + 1;
    }
    this.end = this.next;
  }

  rows(sql: string, params: readonly (string | number | boolean | null)[] = []): Promise<Row[]> {
    const bound = Object.fromEntries(
      params.map((value, index) => [`$${index + 1}`, value as string | number]),
    );
    return Promise.resolve(this.#tables.prepare(sql).all(bound) as unknown as Row[]);
  }

  state(): PipelineState {
    return {
      status: "running",
      sequence: this.sequence,
      topics: [{ topic: READINGS.name, next: this.next, end: this.end, lagMs: null }],
      checkpoint: {
        number: 0,
        sequence: 0,
        completedAt: null,
        durationMs: null,
        failures: 0,
        error: null,
      },
      models: [],
      tests: [],
      linesPerSecond: 0,
      error: null,
    };
  }

  /** Waiting is what makes this pipeline move. */
  async reached(_topic: string, offset: number): Promise<boolean> {
    await this.catchUp();
    return this.next > offset;
  }

  subscribe(_model: string, listener: (delta: LiveDelta) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** One micro-batch that changed these rows. */
  emit(upserts: readonly Row[], deletes: readonly Row[] = [], complete = true): void {
    this.sequence += 1;
    const delta = { model: "ads_feeder_load_minute", sequence: this.sequence, upserts, deletes, complete };
    for (const listener of this.#listeners) listener(delta);
  }
}
