/*
layer: dws
description: >
  Active energy of each device in a calendar month of the grid's time zone: the sum of its days,
  SUM(dws_energy_day.energy_wh).
owner: platform
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the window, included" }
  energy_wh: { description: "active energy in the window", unit: Wh }
  register_end_wh: { description: "highest register read in the window", unit: Wh }
  readings: { description: "readings in the window" }
tests:
  - not_null: [energy_wh]
  - unique: key
*/
SELECT
  e.device,
  window_start(e.window_start, '1 month') AS window_start,
  SUM(e.energy_wh) AS energy_wh,
  MAX(e.register_end_wh) AS register_end_wh,
  SUM(e.readings) AS readings
FROM ref('dws_energy_day') AS e
GROUP BY e.device, window_start(e.window_start, '1 month')
