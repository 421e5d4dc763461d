/*
layer: ods
description: >
  Every line of the topic voltage_limits, as it came: the changes of the permitted deviations of voltage. One row is one line.
owner: platform
key: [topic_offset, line]
partition: received_at
columns:
  topic_offset: { description: "offset of the log record that carried the line" }
  line: { description: "position of the line in its record, from 1" }
  received_at: { description: "when the port took the record in, stamped once" }
  reject_reason: { description: "why the line is refused; NULL for an accepted line" }
  raw: { description: "the line as it came, kept for refused lines alone" }
  nominal_voltage_v: { description: "the nominal voltage, in whole volts", unit: V }
  lower_percent: { description: "how far below nominal the voltage may be, as a positive number", unit: "%" }
  upper_percent: { description: "how far above nominal the voltage may be", unit: "%" }
  deleted: { description: "true takes the entry off the register" }
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
  t.nominal_voltage_v,
  t.lower_percent,
  t.upper_percent,
  t.deleted
FROM topic('voltage_limits') AS t
