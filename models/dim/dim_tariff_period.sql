/*
layer: dim
description: >
  The steps of the tariffs with their ends: a step holds on days of its day_type in minutes [from_minute, to_minute),
  the next step's begin or midnight, at instants [valid_from, valid_until): until valid_to or the tariff's next version,
  whichever comes first. So the steps of a tariff never overlap.
owner: metering
key: [tariff, valid_from, day_type, from_minute]
columns:
  tariff: { description: "the tariff's identifier" }
  valid_from: { description: "from when the version holds, included" }
  day_type: { description: "workday (Monday to Friday) or weekend" }
  from_minute: { description: "the minute of the local day at which the step begins, included", unit: min }
  to_minute: { description: "the minute of the local day at which it ends, not included", unit: min }
  valid_until: { description: "until when the version holds, not included; the year 2200 where there is no end" }
  period: { description: "sharp, peak, flat or valley" }
  price_per_kwh: { description: "price of a kWh, in the grid's currency", unit: currency/kWh }
tests:
  - not_null: [to_minute, valid_until, period, price_per_kwh]
  - range: { column: to_minute, min: 15, max: 1440 }
  - unique: key
*/
SELECT
  t.tariff,
  t.valid_from,
  t.day_type,
  t.from_minute,
  COALESCE(MIN(n.from_minute), 1440) AS to_minute,
  CASE
    WHEN MIN(v.valid_from) < COALESCE(MAX(t.valid_to), TIMESTAMPTZ '2200-01-01T00:00:00Z') THEN MIN(v.valid_from)
    ELSE COALESCE(MAX(t.valid_to), TIMESTAMPTZ '2200-01-01T00:00:00Z')
  END AS valid_until,
  -- the same in all rows of a group
  MAX(t.period) AS period,
  MAX(t.price_per_kwh) AS price_per_kwh
FROM ref('dim_tariff') AS t
LEFT JOIN ref('dim_tariff') AS n
  ON n.tariff = t.tariff AND n.valid_from = t.valid_from AND n.day_type = t.day_type AND n.from_minute > t.from_minute
LEFT JOIN ref('dim_tariff') AS v ON v.tariff = t.tariff AND v.valid_from > t.valid_from
GROUP BY t.tariff, t.valid_from, t.day_type, t.from_minute
