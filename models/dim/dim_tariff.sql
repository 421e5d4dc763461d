/*
layer: dim
description: The steps of the tariffs on the register, each as its last accepted record has it.
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
tests:
  - not_null: [tariff, valid_from, day_type, from_minute, period, price_per_kwh]
  - unique: key
  - range: { column: from_minute, min: 0, max: 1425 }
  - range: { column: price_per_kwh, min: 0 }
*/
SELECT t.tariff, t.valid_from, t.valid_to, t.day_type, t.from_minute, t.period, t.price_per_kwh
FROM ref('dim_tariff_last') AS t
WHERE NOT t.is_deleted
