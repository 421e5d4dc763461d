/*
layer: ads
description: >
  Load curve of each feeder by the hour [window_start, window_start + 1 h): the mean of its quarters of an hour that
  have a load, cut to whole milliwatts, toward zero.
owner: dispatch
key: [feeder, window_start]
partition: window_start
columns:
  feeder: { description: "the feeder's identifier" }
  window_start: { description: "begin of the window, included" }
  active_power_w: { description: "mean load of the quarters", unit: W }
  quarters: { description: "quarters of an hour with a load, 4 when none is missing" }
tests:
  - not_null: [active_power_w]
  - range: { column: quarters, min: 1, max: 4 }
  - unique: key
*/
SELECT
  l.feeder,
  window_start(l.window_start, '1 hour') AS window_start,
  CAST(CAST(floor(SUM(l.active_power_w) * 1000) AS BIGINT) // COUNT(*) AS DECIMAL(19,0)) * 0.001 AS active_power_w,
  COUNT(*) AS quarters
FROM ref('ads_load_feeder_15min') AS l
GROUP BY l.feeder, window_start(l.window_start, '1 hour')
