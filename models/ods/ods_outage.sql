/*
layer: ods
description: >
  Every line of the topic outages, as it came: the changes of the outage register. One row is one line.
owner: platform
key: [topic_offset, line]
partition: received_at
columns:
  topic_offset: { description: "offset of the log record that carried the line" }
  line: { description: "position of the line in its record, from 1" }
  received_at: { description: "when the port took the record in, stamped once" }
  reject_reason: { description: "why the line is refused; NULL for an accepted line" }
  raw: { description: "the line as it came, kept for refused lines alone" }
  outage: { description: "the outage's identifier" }
  scope: { description: "what it takes the supply from: feeder, transformer or device" }
  element: { description: "the feeder, transformer or device that is without supply" }
  started_at: { description: "when supply was lost" }
  ended_at: { description: "when supply was back; NULL while it lasts" }
  customers_interrupted: { description: "how many customers it took the supply from; NULL: all of the element" }
  cause: { description: "why" }
  planned: { description: "true for one that was announced" }
  deleted: { description: "true takes the outage off the register" }
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
  t.outage,
  t.scope,
  t.element,
  t.started_at,
  t.ended_at,
  t.customers_interrupted,
  t.cause,
  t.planned,
  t.deleted
FROM topic('outages') AS t
