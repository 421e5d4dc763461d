/*
layer: dws
description: >
  The voltage of each device that has a nominal voltage, in ten minutes [window_start, window_start + 10 min): how many
  of its readings are below and above the limits (dim_device_voltage), and what their mean is made of.
owner: quality
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the window, included" }
  samples: { description: "readings with a voltage in the window" }
  low: { description: "those below the lower limit" }
  high: { description: "those above the upper limit" }
  voltage_sum_v: { description: "sum of the voltages read", unit: V }
  min_voltage_v: { description: "lowest voltage read", unit: V }
  max_voltage_v: { description: "highest voltage read", unit: V }
tests:
  - range: { column: samples, min: 1 }
  - unique: key
*/
SELECT
  r.device,
  window_start(r.ts, '10 minutes') AS window_start,
  COUNT(*) AS samples,
  SUM(CASE WHEN r.voltage_v < d.lower_v THEN 1 ELSE 0 END) AS low,
  SUM(CASE WHEN r.voltage_v > d.upper_v THEN 1 ELSE 0 END) AS high,
  SUM(r.voltage_v) AS voltage_sum_v,
  MIN(r.voltage_v) AS min_voltage_v,
  MAX(r.voltage_v) AS max_voltage_v
FROM ref('dwd_reading') AS r
JOIN ref('dim_device_voltage') AS d ON d.device = r.device
WHERE r.voltage_v IS NOT NULL
GROUP BY r.device, window_start(r.ts, '10 minutes')
