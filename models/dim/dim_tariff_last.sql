/*
layer: dim
description: >
  The last accepted record of each step, removed ones included. Last is by place in the log:
  the highest topic_offset, then the highest line.
owner: platform
key: [tariff, valid_from, day_type, from_minute]
columns:
  tariff: { description: "the tariff's identifier" }
  valid_from: { description: "from when the version of the tariff holds, included" }
  valid_to: { description: "until when it holds, not included; at the latest until the tariff's next version" }
  day_type: { description: "workday (Monday to Friday) or weekend" }
  from_minute: { description: "the minute of the local day at which the step begins", unit: min }
  period: { description: "sharp, peak, flat or valley" }
  price_per_kwh: { description: "price of a kWh, in the grid's currency", unit: currency/kWh }
  is_deleted: { description: "true where the last record took the step off the register" }
  topic_offset: { description: "offset of the log record that decided" }
  line: { description: "position of the deciding line in its record, from 1" }
tests:
  - unique: key
*/
SELECT
  t.tariff,
  t.valid_from,
  t.valid_to,
  t.day_type,
  t.from_minute,
  t.period,
  t.price_per_kwh,
  COALESCE(t.deleted, FALSE) AS is_deleted,
  t.topic_offset,
  t.line
FROM ref('ods_tariff') AS t
WHERE
  t.reject_reason IS NULL
  AND t.tariff IS NOT NULL
  AND t.valid_from IS NOT NULL
  AND t.day_type IS NOT NULL
  AND t.from_minute IS NOT NULL
  AND t.period IS NOT NULL
  AND t.price_per_kwh IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY t.tariff, t.valid_from, t.day_type, t.from_minute ORDER BY t.topic_offset DESC, t.line DESC) = 1
