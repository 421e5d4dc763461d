/*
layer: dws
description: >
  Load of each feeder in an hour of the grid's clock, from the validated and estimated energy of the customers' devices that are registered
  on it now: their energy in the hour in Wh, which is their mean power in W.
owner: dispatch
key: [feeder, window_start]
partition: window_start
columns:
  feeder: { description: "the feeder's identifier" }
  window_start: { description: "begin of the hour, included" }
  load_w: { description: "mean load, and energy in Wh", unit: W }
  intervals: { description: "quarters of an hour of devices that it is made of" }
tests:
  - unique: key
*/
SELECT
  d.feeder,
  window_start(v.window_start, '1 hour') AS window_start,
  SUM(v.vee_wh) AS load_w,
  COUNT(v.vee_wh) AS intervals
FROM ref('dws_vee_interval') AS v
JOIN ref('dim_device') AS d ON d.device = v.device
WHERE d.kind = 'customer'
GROUP BY d.feeder, window_start(v.window_start, '1 hour')
