/*
layer: dws
description: >
  Active power of each device in a minute [window_start, window_start + 1 min), as the sum and the number of its
  readings that have one; their quotient is the mean.
owner: platform
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the window, included" }
  power_sum_w: { description: "sum of the active power read in the window", unit: W }
  readings: { description: "readings with an active power in the window" }
tests:
  - not_null: [power_sum_w]
  - unique: key
  - range: { column: readings, min: 1 }
*/
SELECT
  r.device,
  window_start(r.ts, '1 minute') AS window_start,
  SUM(r.active_power_w) AS power_sum_w,
  COUNT(*) AS readings
FROM ref('dwd_reading') AS r
WHERE r.active_power_w IS NOT NULL
GROUP BY r.device, window_start(r.ts, '1 minute')
