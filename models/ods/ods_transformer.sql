/*
layer: ods
description: >
  Every line of the topic transformers, as it came: the changes of the transformer register. One row is one line.
owner: platform
key: [topic_offset, line]
partition: received_at
columns:
  topic_offset: { description: "offset of the log record that carried the line" }
  line: { description: "position of the line in its record, from 1" }
  received_at: { description: "when the port took the record in, stamped once" }
  reject_reason: { description: "why the line is refused; NULL for an accepted line" }
  raw: { description: "the line as it came, kept for refused lines alone" }
  transformer: { description: "the transformer's identifier" }
  feeder: { description: "the feeder that supplies it" }
  name: { description: "a name for people" }
  rated_capacity_va: { description: "rated apparent power", unit: VA }
  deleted: { description: "true takes the transformer off the register" }
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
  t.transformer,
  t.feeder,
  t.name,
  t.rated_capacity_va,
  t.deleted
FROM topic('transformers') AS t
