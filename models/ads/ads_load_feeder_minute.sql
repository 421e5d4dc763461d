/*
layer: ads
description: >
  Load curve of each feeder by the minute [window_start, window_start + 1 min): the sum over its customers' devices of
  each device's mean active power in the minute. A mean is cut to whole milliwatts, toward zero, so that every engine
  gets the same. Devices without a reading in the minute add nothing. A device counts to the feeder that it is
  registered on now; the meters of feeder heads and transformers count to none, for they measure the same once more.
owner: dispatch
key: [feeder, window_start]
partition: window_start
freshness: 2 minutes
live: true
columns:
  feeder: { description: "the feeder's identifier" }
  window_start: { description: "begin of the window, included" }
  active_power_w: { description: "sum of the devices' mean active power", unit: W }
  devices: { description: "devices with a reading in the window" }
tests:
  - not_null: [active_power_w]
  - range: { column: devices, min: 1 }
  - unique: key
*/
SELECT
  d.feeder,
  p.window_start,
  SUM(CAST(CAST(floor(p.power_sum_w * 1000) AS BIGINT) // p.readings AS DECIMAL(19,0)) * 0.001) AS active_power_w,
  COUNT(*) AS devices
FROM ref('dws_power_device_minute') AS p
JOIN ref('dim_device') AS d ON d.device = p.device AND d.kind = 'customer'
GROUP BY d.feeder, p.window_start
