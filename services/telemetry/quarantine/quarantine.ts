import { QUARANTINE_RESOLUTIONS, type ResolutionAction, type Topic, TOPICS } from "@gridlake/contracts";
import type { Log } from "@gridlake/durable-log";
import { type Clock, GridlakeError, SECOND_MS } from "@gridlake/kernel";
import type { PipelineWatch, Row, Serving } from "@gridlake/pipeline";
import { LineValidator, type Refusal } from "../line/validator.ts";
import { type Decision, ResolutionLog } from "./resolutions.ts";

/** Lines of one call. */
export const MAX_RESOLVED_LINES = 1_000;
/** Calls that wait for the one under way. */
const MAX_WAITING = 16;
/** What is decided waits so long for the decisions before it to be in the tables. */
const REACH_MS = 20 * SECOND_MS;

/** Names a line in quarantine. */
export interface QuarantinedLine {
  topic: string;
  topicOffset: number;
  line: number;
}

export interface Mending extends QuarantinedLine {
  /** The mended line; left out, the line goes as it came. */
  replacement?: string;
}

export interface ResolvedLine extends QuarantinedLine {
  /** `resolved` before: by the same call sent twice, or by somebody else. */
  outcome: ResolutionAction | "resolved";
}

export interface Resolution {
  lines: readonly ResolvedLine[];
  /** Per topic, the log record that has the replacements. */
  replacements: readonly { topic: string; offset: number }[];
}

interface Held {
  reason: string;
  raw: string | null;
}

/** Takes lines out of the quarantine, each once; see resolutions.ts. */
export class Quarantine {
  readonly #log: ResolutionLog;
  readonly #serving: Serving;
  readonly #pipeline: PipelineWatch;
  readonly #validators = new Map<string, LineValidator>();
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(parts: { log: Log; serving: Serving; pipeline: PipelineWatch; clock: Clock }) {
    this.#log = new ResolutionLog(parts);
    this.#serving = parts.serving;
    this.#pipeline = parts.pipeline;
  }

  /** Ends what a crash cut short. */
  settle(): Promise<void> {
    return this.#inTurn(() => this.#log.settle());
  }

  /**
   * Sends mended lines in the place of those in quarantine. The same call again does nothing more.
   * @throws QUARANTINE_LINE_UNKNOWN (404), QUARANTINE_LINES_INVALID (422) naming the lines that would be refused again,
   *   QUARANTINE_BUSY (503), and what the log throws
   */
  replay(lines: readonly Mending[], by: { username: string; note?: string }): Promise<Resolution> {
    return this.#inTurn(() => this.#resolve("replayed", lines, by));
  }

  /** Gives lines up. @throws QUARANTINE_LINE_UNKNOWN, QUARANTINE_BUSY, and what the log throws */
  discard(lines: readonly QuarantinedLine[], by: { username: string; note?: string }): Promise<Resolution> {
    return this.#inTurn(() => this.#resolve("discarded", lines, by));
  }

  async #resolve(
    action: ResolutionAction,
    lines: readonly Mending[],
    by: { username: string; note?: string },
  ): Promise<Resolution> {
    await this.#log.settle();
    await this.#reachTables();
    const open = new Map<string, { topic: Topic; decisions: Decision[] }>();
    const outcomes: ResolvedLine[] = [];
    const refused: (QuarantinedLine & Refusal)[] = [];
    const seen = new Set<string>();
    for (const line of lines) {
      const { topic: name, topicOffset, line: at } = line;
      const id = `${name}/${topicOffset}/${at}`;
      const held = seen.has(id) ? "resolved" : await this.#held(line);
      seen.add(id);
      const place = { topic: name, topicOffset, line: at };
      if (held === "resolved") {
        outcomes.push({ ...place, outcome: "resolved" });
        continue;
      }
      const topic = topicNamed(line);
      const replacement = action === "replayed" ? (line.replacement ?? held.raw ?? "") : undefined;
      const refusal = replacement === undefined ? null : this.#refusal(topic, replacement, held);
      if (refusal !== null) refused.push({ ...place, ...refusal });
      const group = open.get(name) ?? { topic, decisions: [] };
      group.decisions.push({
        of_topic: name,
        of_offset: topicOffset,
        of_line: at,
        action,
        ...(replacement === undefined ? {} : { replacement }),
        resolved_by: by.username,
        ...(by.note === undefined ? {} : { note: by.note }),
      });
      open.set(name, group);
      outcomes.push({ ...place, outcome: action });
    }
    if (refused.length > 0) throw invalidLines(refused);
    const replacements: { topic: string; offset: number }[] = [];
    for (const { topic, decisions } of open.values()) {
      const { replacement } = await this.#log.decide(topic, decisions);
      if (replacement !== null) replacements.push({ topic: topic.name, offset: replacement });
    }
    return { lines: outcomes, replacements };
  }

  /** The decisions of before have to be in the tables, or a line could be decided about twice. */
  async #reachTables(): Promise<void> {
    const last = await this.#log.last();
    if (last < 0 || (await this.#pipeline.reached(QUARANTINE_RESOLUTIONS.name, last, REACH_MS))) return;
    throw new GridlakeError("QUARANTINE_BUSY", "the pipeline is behind with earlier decisions", {
      remedy: "send the same call again in a moment: what is done is not done twice",
      retry: "later",
      status: 503,
    });
  }

  async #held({ topic, topicOffset, line }: QuarantinedLine): Promise<Held | "resolved"> {
    const place = [topic, topicOffset, line];
    const [decided] = await this.#serving.rows(
      `SELECT action FROM dwd_quarantine_resolution WHERE of_topic = $1 AND of_offset = $2 AND of_line = $3`,
      place,
    );
    if (decided !== undefined) return "resolved";
    const [held] = await this.#serving.rows(
      `SELECT reason, raw FROM dwd_quarantine WHERE topic = $1 AND topic_offset = $2 AND line = $3`,
      place,
    );
    if (held === undefined) throw unknownLine({ topic, topicOffset, line });
    return { reason: String(held["reason"]), raw: textOf(held, "raw") };
  }

  /** Why the mended line would be refused again. */
  #refusal(topic: Topic, replacement: string, held: Held): Refusal | null {
    // the reading itself is accepted: it would count twice once its device is registered
    if (held.reason === "UNKNOWN_DEVICE") throw unknownDevice();
    if (/[\r\n]/.test(replacement)) return { reason: "MALFORMED_JSON" };
    let validator = this.#validators.get(topic.name);
    if (validator === undefined) this.#validators.set(topic.name, (validator = new LineValidator(topic)));
    return validator.refusal(replacement);
  }

  /** One operation at a time; a bounded number waits. */
  #inTurn<T>(operation: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) {
      throw new GridlakeError("QUARANTINE_BUSY", `${MAX_WAITING} calls wait already`, {
        remedy: "send the same call again in a moment",
        retry: "later",
        status: 503,
      });
    }
    this.#waiting += 1;
    const turn = this.#queue.then(operation).finally(() => (this.#waiting -= 1));
    // the caller is told; the next one has its own turn
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

function topicNamed(line: QuarantinedLine): Topic {
  const topic = TOPICS.find(({ name }) => name === line.topic);
  if (topic === undefined) throw unknownLine(line);
  return topic;
}

function textOf(row: Row, column: string): string | null {
  const value = row[column] ?? null;
  return value === null ? null : String(value);
}

function unknownLine({ topic, topicOffset, line }: QuarantinedLine): GridlakeError {
  return new GridlakeError(
    "QUARANTINE_LINE_UNKNOWN",
    `no line ${topic}/${topicOffset}/${line} is in quarantine`,
    {
      remedy:
        "GET /api/analytics/quarantine lists those that are; a line that came in just now is there in a moment",
      details: { topic, topicOffset, line },
      status: 404,
    },
  );
}

function unknownDevice(): GridlakeError {
  return new GridlakeError(
    "QUARANTINE_UNKNOWN_DEVICE",
    "the line is good, but its device is not registered",
    {
      remedy:
        "register the device: its readings then leave the quarantine by themselves; or discard the line",
      status: 409,
    },
  );
}

function invalidLines(lines: readonly (QuarantinedLine & Refusal)[]): GridlakeError {
  return new GridlakeError("QUARANTINE_LINES_INVALID", `${lines.length} lines would be refused again`, {
    remedy: "mend the lines that details.lines names; nothing was sent",
    details: { lines: lines.slice(0, 100) },
    status: 422,
  });
}
