/*
layer: ads
description: >
  Load curve of each region by the quarter of an hour [window_start, window_start + 15 min): the sum of the load curves
  of the feeders that lie in it or in a region that is a part of it (dim_feeder_region).
owner: dispatch
key: [region, window_start]
partition: window_start
columns:
  region: { description: "the region's identifier" }
  window_start: { description: "begin of the window, included" }
  active_power_w: { description: "sum of the feeders' load", unit: W }
  devices: { description: "devices with a reading in the window" }
  feeders: { description: "feeders with a reading in the window" }
tests:
  - not_null: [active_power_w]
  - range: { column: feeders, min: 1 }
  - unique: key
*/
SELECT
  r.region,
  l.window_start,
  SUM(l.active_power_w) AS active_power_w,
  SUM(l.devices) AS devices,
  COUNT(*) AS feeders
FROM ref('ads_load_feeder_15min') AS l
JOIN ref('dim_feeder_region') AS r ON r.feeder = l.feeder
GROUP BY r.region, l.window_start
