/*
layer: dws
description: >
  Active energy of each customer in a calendar month of the grid's time zone [window_start, window_start + 1 month):
  SUM(dws_energy_customer_day.energy_wh).
owner: metering
key: [customer, window_start]
partition: window_start
columns:
  customer: { description: "the customer's identifier" }
  window_start: { description: "begin of the window, included" }
  energy_wh: { description: "active energy in the window", unit: Wh }
tests:
  - not_null: [energy_wh]
  - unique: key
*/
SELECT
  e.customer,
  window_start(e.window_start, '1 month') AS window_start,
  SUM(e.energy_wh) AS energy_wh
FROM ref('dws_energy_customer_day') AS e
GROUP BY e.customer, window_start(e.window_start, '1 month')
