import { InvalidArgumentError } from "commander";

/** Names a line: the topic, its log record's offset, its position there. */
export interface LineName {
  topic: string;
  topicOffset: number;
  line: number;
}

export interface HeldLine extends LineName {
  receivedAt: string;
  reason: string;
  device: string | null;
  raw: string | null;
}

/** `readings/4711/2` */
export function lineName(text: string): LineName {
  const [, topic = "", offset, line] = /^([A-Za-z0-9._-]+)\/(\d{1,15})\/(\d{1,15})$/.exec(text) ?? [];
  if (offset !== undefined && line !== undefined)
    return { topic, topicOffset: Number(offset), line: Number(line) };
  throw new InvalidArgumentError(`${text} names no line; write topic/offset/line, like readings/4711/2.`);
}

export function count(value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("It takes a whole number above 0.");
}

/** Longest part of a line in a table; `show` has it whole. */
const SHOWN_CHARACTERS = 80;

export function writeLines(
  { total, lines }: { total: number; lines: readonly HeldLine[] },
  format: "table" | "json",
  out: (text: string) => void,
): void {
  if (format === "json") return out(`${JSON.stringify(lines, null, 2)}\n`);
  for (const { topic, topicOffset, line, receivedAt, reason, device, raw } of lines) {
    const shown = raw === null ? `device ${device ?? ""}` : raw.slice(0, SHOWN_CHARACTERS);
    out(`${topic}/${topicOffset}/${line}  ${receivedAt}  ${reason}  ${shown}\n`);
  }
  out(`${lines.length} of ${total} lines\n`);
}
