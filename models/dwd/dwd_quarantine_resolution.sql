/*
layer: dwd
description: >
  What was decided about each line that was in quarantine: the first decision holds. The line itself stays in
  dwd_refused.
owner: platform
key: [of_topic, of_offset, of_line]
partition: none
columns:
  of_topic: { description: "the topic that the line came in by" }
  of_offset: { description: "offset of the log record that carried it" }
  of_line: { description: "its position in that record, from 1" }
  action: { description: "replayed: a mended line was sent in its place; discarded: it will not be counted" }
  replacement: { description: "the line that was sent in its place" }
  resolved_by: { description: "who decided" }
  note: { description: "why" }
  resolved_at: { description: "when" }
  resolution_offset: { description: "offset of the decision in quarantine_resolutions; the replacement's record names it in its header resolution" }
  resolution_line: { description: "position of the decision, and of the replacement in its own record" }
tests:
  - not_null: [action, resolved_by, resolved_at]
  - unique: key
*/
SELECT
  r.of_topic,
  r.of_offset,
  r.of_line,
  r.action,
  r.replacement,
  r.resolved_by,
  r.note,
  r.received_at AS resolved_at,
  r.topic_offset AS resolution_offset,
  r.line AS resolution_line
FROM ref('ods_quarantine_resolution') AS r
WHERE r.reject_reason IS NULL AND r.of_topic IS NOT NULL AND r.of_offset IS NOT NULL AND r.of_line IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY r.of_topic, r.of_offset, r.of_line ORDER BY r.topic_offset, r.line) = 1
