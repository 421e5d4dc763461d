/*
layer: ods
description: >
  Every line of the topic stations, as it came: the changes of the station register. One row is one line.
owner: platform
key: [topic_offset, line]
partition: received_at
columns:
  topic_offset: { description: "offset of the log record that carried the line" }
  line: { description: "position of the line in its record, from 1" }
  received_at: { description: "when the port took the record in, stamped once" }
  reject_reason: { description: "why the line is refused; NULL for an accepted line" }
  raw: { description: "the line as it came, kept for refused lines alone" }
  station: { description: "the station's identifier" }
  name: { description: "a name for people" }
  region: { description: "the region it lies in" }
  deleted: { description: "true takes the station off the register" }
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
  t.station,
  t.name,
  t.region,
  t.deleted
FROM topic('stations') AS t
