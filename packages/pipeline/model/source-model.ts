import type { ModelBody } from "../ir/model.ts";
import type { ParsedModel } from "./model.ts";
import { refuse } from "./problem.ts";

/*
 * A model that reads a topic is the topic's lines, kept: they are taken in once, as they arrive, and are found again in
 * the lake when the log has forgotten them. So a row is one line, told by its place in the log, and nothing else decides it.
 */

/** @throws ModelError where a model that reads a topic is more than its lines */
export function checkSourceModel(parsed: ParsedModel, body: ModelBody): void {
  const { file, header, sources } = parsed;
  const topic = sources.find(({ source }) => source.kind === "topic")?.source.name;
  if (topic === undefined) return;
  const unsupported = (location: number, construct: string, message: string, remedy: string): never =>
    refuse(file, location, { code: "MODEL_UNSUPPORTED", construct, message, remedy });
  const later = "do it in a model that reads this one with ref()";
  const other = sources.find(({ source }) => source.kind !== "topic" || source.name !== topic);
  if (other !== undefined) {
    const { kind, name } = other.source;
    const construct = `${kind === "topic" ? "topic" : "ref"}('${name}') beside topic('${topic}')`;
    unsupported(other.location, construct, "a model that reads a topic reads nothing else", later);
  }
  for (const block of body.blocks) {
    const construct =
      block.joins.length > 0
        ? "JOIN"
        : block.groupBy.length > 0
          ? "GROUP BY"
          : block.top !== null
            ? "QUALIFY"
            : block.lag.length > 0
              ? "lag()"
              : null;
    if (construct !== null) {
      const message = "a model that reads a topic keeps its lines one by one";
      unsupported(header.sqlStart, `${construct} over topic('${topic}')`, message, later);
    }
    const place = block.output.find((output) => output.name === "topic_offset")?.expr;
    if (place?.kind === "column" && place.name === "topic_offset" && header.key.includes("topic_offset"))
      continue;
    refuse(file, header.locate("key"), {
      code: "MODEL_KEY",
      construct: `key: ${header.key.join(", ")}`,
      message: "a line is told by its place in the log, and its column topic_offset has to have that name",
      remedy: "show t.topic_offset and t.line, and make them the key",
    });
  }
}
