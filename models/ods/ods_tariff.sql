/*
layer: ods
description: >
  Every line of the topic tariffs, as it came: the changes of the tariff register. One row is one line.
owner: platform
key: [topic_offset, line]
partition: received_at
columns:
  topic_offset: { description: "offset of the log record that carried the line" }
  line: { description: "position of the line in its record, from 1" }
  received_at: { description: "when the port took the record in, stamped once" }
  reject_reason: { description: "why the line is refused; NULL for an accepted line" }
  raw: { description: "the line as it came, kept for refused lines alone" }
  tariff: { description: "the tariff's identifier" }
  valid_from: { description: "from when the version of the tariff holds, included" }
  valid_to: { description: "until when it holds, not included; at the latest until the tariff's next version" }
  day_type: { description: "workday (Monday to Friday) or weekend" }
  from_minute: { description: "the minute of the local day at which the step begins", unit: min }
  period: { description: "sharp, peak, flat or valley" }
  price_per_kwh: { description: "price of a kWh, in the grid's currency", unit: currency/kWh }
  deleted: { description: "true takes the step off the register" }
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
  t.tariff,
  t.valid_from,
  t.valid_to,
  t.day_type,
  t.from_minute,
  t.period,
  t.price_per_kwh,
  t.deleted
FROM topic('tariffs') AS t
