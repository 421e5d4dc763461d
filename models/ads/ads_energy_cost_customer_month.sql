/*
layer: ads
description: >
  Energy and its cost of each customer by period of its time-of-use tariff in a calendar month: the sum of its days.
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
  - unique: key
*/
SELECT
  c.customer,
  window_start(c.window_start, '1 month') AS window_start,
  c.period,
  SUM(c.energy_wh) AS energy_wh,
  SUM(c.cost) AS cost,
  SUM(c.quarters) AS quarters
FROM ref('ads_energy_cost_customer_day') AS c
GROUP BY c.customer, window_start(c.window_start, '1 month'), c.period
