import type { Topic, TopicField } from "@gridlake/contracts";
import { HOUR_MS } from "@gridlake/kernel";

const LINES = 4;
const FROM_MS = Date.parse("2026-03-28T23:00:00Z");

/**
 * A first input for a topic that has none: lines with all fields, of two of each thing, so that models that join them find
 * partners (`device-1`, `feeder-2`), and one that lacks a field. To be made better by hand.
 */
export function draftInput(topic: Topic): string {
  const lines = Array.from({ length: LINES }, (_, at) =>
    Object.fromEntries(
      topic.fields.filter(({ name }) => name !== "deleted").map((field) => [field.name, value(field, at)]),
    ),
  );
  const [first] = topic.fields;
  const texts = [...lines, first === undefined ? {} : { [first.name]: value(first, 0) }];
  return texts.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function value({ name, type, min, max, values = [], multipleOf = 1 }: TopicField, at: number): unknown {
  switch (type) {
    case "VARCHAR":
      return values.length > 0 ? values[at % values.length] : `${name}-${(at % 2) + 1}`;
    case "TIMESTAMPTZ":
      return new Date(FROM_MS + at * HOUR_MS).toISOString();
    case "BOOLEAN":
      return at % 2 === 0;
    default:
      return Math.min(max ?? Number.MAX_SAFE_INTEGER, Math.max(min ?? 0, 0) + (at + 1) * multipleOf);
  }
}
