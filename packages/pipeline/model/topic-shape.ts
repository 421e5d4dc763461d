import { LINE_METADATA, type Topic } from "@gridlake/contracts";
import type { SourceColumn, SourceShape } from "../ir/model.ts";

/** What the port stamps on every line, refused or not. */
const ALWAYS_THERE: ReadonlySet<string> = new Set(["topic_offset", "line", "received_at"]);

/** `topic('name')`: LINE_METADATA, then the topic's fields; a refused line may lack any field. */
export function topicShape(topic: Topic): SourceShape {
  const metadata = LINE_METADATA.map(({ name, type }): SourceColumn => ({
    name,
    type,
    nullable: !ALWAYS_THERE.has(name),
  }));
  const fields = topic.fields.map(({ name, type }): SourceColumn => ({ name, type, nullable: true }));
  return {
    source: { kind: "topic", name: topic.name },
    columns: [...metadata, ...fields],
    key: ["topic_offset", "line"],
    partition: "received_at",
  };
}
