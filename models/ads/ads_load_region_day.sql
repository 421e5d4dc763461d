/*
layer: ads
description: >
  The day [window_start, window_start + 1 day) of each region's load: largest, smallest and mean load of its quarters of
  an hour, and the load factor (负荷率) = mean / largest, to the sixth digit, half up; NULL where the largest is not above
  0. The mean is that of the quarters that have a load, cut to whole milliwatts, toward zero.
owner: dispatch
key: [region, window_start]
partition: window_start
columns:
  region: { description: "the region's identifier" }
  window_start: { description: "begin of the window, included" }
  max_power_w: { description: "largest load of a quarter of an hour", unit: W }
  min_power_w: { description: "smallest load of a quarter of an hour", unit: W }
  mean_power_w: { description: "mean load of the quarters", unit: W }
  load_factor: { description: "mean by largest load" }
  quarters: { description: "quarters of an hour with a load, 96 when none is missing (92 or 100 where the clocks change)" }
tests:
  - not_null: [max_power_w, min_power_w, mean_power_w]
  - range: { column: load_factor, max: 1 }
  - range: { column: quarters, min: 1, max: 100 }
  - unique: key
*/
SELECT
  l.region,
  window_start(l.window_start, '1 day') AS window_start,
  MAX(l.active_power_w) AS max_power_w,
  MIN(l.active_power_w) AS min_power_w,
  CAST(CAST(floor(SUM(l.active_power_w) * 1000) AS BIGINT) // COUNT(*) AS DECIMAL(19,0)) * 0.001 AS mean_power_w,
  CASE
    WHEN MAX(l.active_power_w) > 0
      THEN ratio(
        CAST(floor(SUM(l.active_power_w) * 1000) AS BIGINT) // COUNT(*),
        CAST(floor(MAX(l.active_power_w) * 1000) AS BIGINT)
      )
  END AS load_factor,
  COUNT(*) AS quarters
FROM ref('ads_load_region_15min') AS l
GROUP BY l.region, window_start(l.window_start, '1 day')
