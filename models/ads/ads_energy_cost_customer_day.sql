/*
layer: ads
description: >
  Energy and its cost of each customer by period of its time-of-use tariff in a calendar day [window_start, window_start
  + 1 day). A quarter of an hour belongs to the period that holds at its start, by the grid's clock: day_of_week tells
  workday (Monday to Friday) from weekend, minute_of_day the step. cost = SUM(energy_wh * price_per_kwh / 1000), exact.
  Energy without a step that holds (no tariff, no such step) is in the period none, without cost. Both passes of the
  hour that the clocks repeat have the same step.
owner: billing
key: [customer, window_start, period]
partition: window_start
columns:
  customer: { description: "the customer's identifier" }
  window_start: { description: "begin of the window, included" }
  period: { description: "sharp, peak, flat, valley or none" }
  energy_wh: { description: "active energy in the period", unit: Wh }
  cost: { description: "energy by price", unit: currency }
  quarters: { description: "quarters of an hour with energy in the period" }
tests:
  - not_null: [energy_wh]
  - range: { column: quarters, min: 1 }
  - unique: key
*/
SELECT
  e.customer,
  window_start(e.window_start, '1 day') AS window_start,
  COALESCE(p.period, 'none') AS period,
  SUM(e.energy_wh) AS energy_wh,
  SUM(e.energy_wh * p.price_per_kwh * 0.001) AS cost,
  COUNT(*) AS quarters
FROM ref('dws_energy_customer_15min') AS e
LEFT JOIN ref('dim_customer') AS c ON c.customer = e.customer
LEFT JOIN ref('dim_tariff_period') AS p
  ON p.tariff = c.tariff
  AND p.day_type = CASE WHEN day_of_week(e.window_start) <= 5 THEN 'workday' ELSE 'weekend' END
  AND minute_of_day(e.window_start) >= p.from_minute
  AND minute_of_day(e.window_start) < p.to_minute
  AND e.window_start >= p.valid_from
  AND e.window_start < p.valid_until
GROUP BY e.customer, window_start(e.window_start, '1 day'), COALESCE(p.period, 'none')
