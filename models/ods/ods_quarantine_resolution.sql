/*
layer: ods
description: >
  Every decision on a line in quarantine, as it was made: a mended line was sent in its place, or it was discarded. One
  row is one decision on one line.
owner: platform
key: [topic_offset, line]
partition: received_at
columns:
  topic_offset: { description: "offset of the log record that carried the decision; the record of the replacements names it in its header resolution" }
  line: { description: "position of the decision in its record, from 1; the replacement has the same position in its own" }
  received_at: { description: "when the decision was made, stamped once" }
  reject_reason: { description: "why the decision is refused; NULL for an accepted one" }
  raw: { description: "the decision as it came, kept for refused ones alone" }
  of_topic: { description: "the topic that the line in quarantine came in by" }
  of_offset: { description: "offset of the log record that carried it" }
  of_line: { description: "its position in that record, from 1" }
  action: { description: "replayed or discarded" }
  replacement: { description: "the line that was sent in its place" }
  resolved_by: { description: "who decided" }
  note: { description: "why" }
tests:
  - not_null: [topic_offset, line, received_at]
  - unique: key
*/
SELECT
  t.topic_offset,
  t.line,
  t.received_at,
  t.reject_reason,
  CASE WHEN t.reject_reason IS NOT NULL THEN t.raw END AS raw,
  t.of_topic,
  t.of_offset,
  t.of_line,
  t.action,
  t.replacement,
  t.resolved_by,
  t.note
FROM topic('quarantine_resolutions') AS t
