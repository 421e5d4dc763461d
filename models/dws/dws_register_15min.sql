/*
layer: dws
description: >
  The register of each device at the edges of what was read in a quarter of an hour
  [window_start, window_start + 15 min): its lowest and its highest value.
owner: platform
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the window, included" }
  register_start_wh: { description: "lowest register read in the window: MIN(energy_wh)", unit: Wh }
  register_end_wh: { description: "highest register read in the window: MAX(energy_wh)", unit: Wh }
  readings: { description: "readings in the window" }
  power_sum_w: { description: "sum of the active power read in the window", unit: W }
  power_readings: { description: "readings with an active power in the window" }
tests:
  - unique: key
  - range: { column: register_start_wh, min: 0 }
  - range: { column: readings, min: 1 }
*/
SELECT
  r.device,
  window_start(r.ts, '15 minutes') AS window_start,
  MIN(r.energy_wh) AS register_start_wh,
  MAX(r.energy_wh) AS register_end_wh,
  COUNT(*) AS readings,
  SUM(r.active_power_w) AS power_sum_w,
  COUNT(r.active_power_w) AS power_readings
FROM ref('dwd_reading') AS r
GROUP BY r.device, window_start(r.ts, '15 minutes')
