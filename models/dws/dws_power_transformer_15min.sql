/*
layer: dws
description: >
  Active and reactive power through each transformer in a quarter of an hour [window_start, window_start + 15 min): the
  mean powers of its own meter; where that has none, the sum of the mean powers of its customers' devices. Means are cut
  to whole milliwatts, toward zero. Reactive power counts 0 where it is not measured.
owner: metering
key: [transformer, window_start]
partition: window_start
columns:
  transformer: { description: "the transformer's identifier" }
  window_start: { description: "begin of the window, included" }
  active_power_w: { description: "active power through the transformer", unit: W }
  reactive_power_var: { description: "reactive power through the transformer", unit: var }
  own_meters: { description: "meters of the transformer itself with a reading; 0: the customers are summed" }
  meters: { description: "customers' devices with a reading" }
tests:
  - not_null: [active_power_w]
  - unique: key
*/
SELECT
  d.transformer,
  p.window_start,
  CASE
    WHEN SUM(CASE WHEN d.kind = 'transformer' THEN 1 ELSE 0 END) > 0
      THEN SUM(CASE WHEN d.kind = 'transformer' THEN CAST(CAST(floor(p.power_sum_w * 1000) AS BIGINT) // p.readings AS DECIMAL(19,0)) * 0.001 ELSE 0 END)
    ELSE SUM(CASE WHEN d.kind = 'transformer' THEN 0 ELSE CAST(CAST(floor(p.power_sum_w * 1000) AS BIGINT) // p.readings AS DECIMAL(19,0)) * 0.001 END)
  END AS active_power_w,
  CASE
    WHEN SUM(CASE WHEN d.kind = 'transformer' THEN 1 ELSE 0 END) > 0
      THEN SUM(CASE WHEN d.kind = 'transformer' THEN CAST(COALESCE(CAST(floor(p.reactive_sum_var * 1000) AS BIGINT) // p.reactive_readings, 0) AS DECIMAL(19,0)) * 0.001 ELSE 0 END)
    ELSE SUM(CASE WHEN d.kind = 'transformer' THEN 0 ELSE CAST(COALESCE(CAST(floor(p.reactive_sum_var * 1000) AS BIGINT) // p.reactive_readings, 0) AS DECIMAL(19,0)) * 0.001 END)
  END AS reactive_power_var,
  SUM(CASE WHEN d.kind = 'transformer' THEN 1 ELSE 0 END) AS own_meters,
  SUM(CASE WHEN d.kind = 'transformer' THEN 0 ELSE 1 END) AS meters
FROM ref('dws_power_device_15min') AS p
JOIN ref('dim_device') AS d ON d.device = p.device AND d.kind <> 'feeder_head'
WHERE d.transformer IS NOT NULL
GROUP BY d.transformer, p.window_start
