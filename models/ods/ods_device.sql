/*
layer: ods
description: >
  Every line of the topic devices, as it came: the changes of the device register. One row is one line.
owner: platform
key: [topic_offset, line]
partition: received_at
columns:
  topic_offset: { description: "offset of the log record that carried the line" }
  line: { description: "position of the line in its record, from 1" }
  received_at: { description: "when the port took the record in, stamped once" }
  reject_reason: { description: "why the line is refused; NULL for an accepted line" }
  raw: { description: "the line as it came, kept for refused lines alone" }
  device: { description: "the meter's identifier" }
  feeder: { description: "the feeder that supplies it" }
  name: { description: "a name for people" }
  rated_voltage_v: { description: "nominal voltage", unit: V }
  kind: { description: "what it measures: customer, feeder_head or transformer" }
  transformer: { description: "the transformer that supplies it, or whose output it measures" }
  customer: { description: "the customer whose supply it measures" }
  rated_current_a: { description: "rated current", unit: A }
  deleted: { description: "true takes the device off the register" }
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
  t.device,
  t.feeder,
  t.name,
  t.rated_voltage_v,
  t.kind,
  t.transformer,
  t.customer,
  t.rated_current_a,
  t.deleted
FROM topic('devices') AS t
