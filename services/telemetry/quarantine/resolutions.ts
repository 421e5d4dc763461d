// How a line leaves the quarantine, exactly once whatever is killed and whenever. Everything is in the log:
//
//   1. quarantine_resolutions  ← one record: a decision a line, the replacement within it
//   2. the lines' own topic    ← one record: the replacements, header resolution = the offset of 1
//   3. quarantine_resolutions  ← one record without lines, header completes = the offset of 1
//
// Operations go one after the other. If the newest record of quarantine_resolutions is no 3, its operation may have ended
// before 2: the topic is looked through from where it ended when the operation began (header from), and 2 is made up
// for if it is not there. So a replacement is sent once for each decision, and a line is decided about once.

import { QUARANTINE_RESOLUTIONS, type Topic } from "@gridlake/contracts";
import type { Log, StoredRecord } from "@gridlake/durable-log";
import { type Clock, MIB } from "@gridlake/kernel";

const TOPIC = QUARANTINE_RESOLUTIONS.name;
const READ = { maxRecords: 1_000, maxBytes: 16 * MIB };

/** A decision as it stands in the log. */
export interface Decision {
  of_topic: string;
  of_offset: number;
  of_line: number;
  action: "replayed" | "discarded";
  replacement?: string;
  resolved_by: string;
  note?: string;
}

/** The operations on the log; a caller sees to it that only one is under way. */
export class ResolutionLog {
  readonly #log: Log;
  readonly #clock: Clock;
  #settled = false;

  constructor(parts: { log: Log; clock: Clock }) {
    this.#log = parts.log;
    this.#clock = parts.clock;
  }

  /** The offset of the last record; −1 where there is none. */
  async last(): Promise<number> {
    return (await this.#log.bounds({ topic: TOPIC })).next - 1;
  }

  /** Ends an operation that a crash or a full log cut short; to be done before another begins. */
  async settle(): Promise<void> {
    if (this.#settled) return;
    const last = await this.last();
    const { first } = await this.#log.bounds({ topic: TOPIC });
    if (last >= first) {
      const [record] = await this.#log.read({ topic: TOPIC }, { after: last - 1, ...READ, maxRecords: 1 });
      if (record !== undefined && record.headers["completes"] === undefined) await this.#complete(record);
    }
    this.#settled = true;
  }

  /** Writes decisions on lines of one topic, and sends their replacements. @returns the offsets of 1 and 2 */
  async decide(
    topic: Topic,
    decisions: readonly Decision[],
  ): Promise<{ resolution: number; replacement: number | null }> {
    await this.settle();
    this.#settled = false;
    const { next: from } = await this.#log.bounds({ topic: topic.name });
    const record = {
      value: Buffer.from(decisions.map((decision) => JSON.stringify(decision)).join("\n")),
      headers: { topic: topic.name, from: String(from) },
      timestampMs: this.#clock.nowMs(),
    };
    const { first: offset } = await this.#log.append({ topic: TOPIC }, [record]);
    const replacement = await this.#complete({ ...record, offset }, false);
    this.#settled = true;
    return { resolution: offset, replacement };
  }

  /** Steps 2 and 3. @param mayBeSent whether 2 may have been done already */
  async #complete(record: StoredRecord, mayBeSent = true): Promise<number | null> {
    const resolution = String(record.offset);
    const decisions = Buffer.from(record.value)
      .toString()
      .split("\n")
      .map((line) => JSON.parse(line) as Decision);
    const lines = decisions.flatMap(({ replacement }) => replacement ?? []);
    const [by] = decisions;
    let offset: number | null = null;
    if (lines.length > 0) {
      const topic = String(record.headers["topic"]);
      offset = mayBeSent ? await this.#sent(topic, Number(record.headers["from"]), resolution) : null;
      offset ??= (
        await this.#log.append({ topic }, [
          {
            value: Buffer.from(lines.join("\n")),
            headers: { subject: by?.resolved_by ?? "", resolution },
            timestampMs: this.#clock.nowMs(),
          },
        ])
      ).first;
    }
    const done = {
      value: new Uint8Array(),
      headers: { completes: resolution },
      timestampMs: this.#clock.nowMs(),
    };
    await this.#log.append({ topic: TOPIC }, [done]);
    return offset;
  }

  /** Where the replacements of a decision are, if they are. */
  async #sent(topic: string, from: number, resolution: string): Promise<number | null> {
    const { first, next } = await this.#log.bounds({ topic });
    for (let after = Math.max(from, first) - 1; after < next - 1;) {
      const records = await this.#log.read({ topic }, { after, ...READ });
      const found = records.find(({ headers }) => headers["resolution"] === resolution);
      if (found !== undefined) return found.offset;
      const last = records.at(-1);
      if (last === undefined) return null;
      after = last.offset;
    }
    return null;
  }
}
