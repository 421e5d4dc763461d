/*
layer: dws
description: >
  Active and reactive power of each device in a minute [window_start, window_start + 1 min), as the sum and the number
  of its readings that have one; their quotient is the mean. Reactive power counts where a reading has both.
owner: platform
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the window, included" }
  power_sum_w: { description: "sum of the active power read in the window", unit: W }
  readings: { description: "readings with an active power in the window" }
  reactive_sum_var: { description: "sum of the reactive power read in the window", unit: var }
  reactive_readings: { description: "readings with both powers in the window" }
tests:
  - not_null: [power_sum_w]
  - range: { column: readings, min: 1 }
  - unique: key
*/
SELECT
  r.device,
  window_start(r.ts, '1 minute') AS window_start,
  SUM(r.active_power_w) AS power_sum_w,
  COUNT(*) AS readings,
  SUM(r.reactive_power_var) AS reactive_sum_var,
  COUNT(r.reactive_power_var) AS reactive_readings
FROM ref('dwd_reading') AS r
WHERE r.active_power_w IS NOT NULL
GROUP BY r.device, window_start(r.ts, '1 minute')
