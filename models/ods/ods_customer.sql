/*
layer: ods
description: >
  Every line of the topic customers, as it came: the changes of the customer register. One row is one line.
owner: platform
key: [topic_offset, line]
partition: received_at
columns:
  topic_offset: { description: "offset of the log record that carried the line" }
  line: { description: "position of the line in its record, from 1" }
  received_at: { description: "when the port took the record in, stamped once" }
  reject_reason: { description: "why the line is refused; NULL for an accepted line" }
  raw: { description: "the line as it came, kept for refused lines alone" }
  customer: { description: "the customer's identifier" }
  name: { description: "a name for people" }
  category: { description: "what kind of customer it is" }
  tariff: { description: "the tariff that it pays by" }
  region: { description: "the region it lies in" }
  deleted: { description: "true takes the customer off the register" }
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
  t.customer,
  t.name,
  t.category,
  t.tariff,
  t.region,
  t.deleted
FROM topic('customers') AS t
