/*
layer: dws
description: >
  Active and reactive power of each device in a quarter of an hour [window_start, window_start + 15 min): the sums and
  numbers of its minutes. power_sum_w / readings is the mean, the demand (需量) of the quarter.
owner: metering
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
  p.device,
  window_start(p.window_start, '15 minutes') AS window_start,
  SUM(p.power_sum_w) AS power_sum_w,
  SUM(p.readings) AS readings,
  SUM(p.reactive_sum_var) AS reactive_sum_var,
  SUM(p.reactive_readings) AS reactive_readings
FROM ref('dws_power_device_minute') AS p
GROUP BY p.device, window_start(p.window_start, '15 minutes')
