/*
layer: dws
description: >
  Gaps: quarters of an hour that end a stretch without readings. The energy since window_before is that of all `intervals` quarters up to
  this one, this one included, so intervals - 1 are missing. A gap has the least of three sizes that holds it: up to 2 hours, 1 day or 7
  days of missing quarters; beyond that it is longer.
owner: metering
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the quarter of an hour, included" }
  window_before: { description: "begin of the last quarter read before" }
  intervals: { description: "missing quarters and the one that ends the gap" }
  gap_size: { description: "2 hours, 1 day, 7 days or longer" }
  energy_wh: { description: "energy of all of them", unit: Wh }
tests:
  - unique: key
  - range: { column: intervals, min: 2 }
*/
SELECT
  e.device,
  e.window_start,
  e.window_before,
  seconds_between(e.window_before, e.window_start) // 900 AS intervals,
  CASE
    WHEN seconds_between(e.window_before, e.window_start) <= 9 * 900 THEN '2 hours'
    WHEN seconds_between(e.window_before, e.window_start) <= 97 * 900 THEN '1 day'
    WHEN seconds_between(e.window_before, e.window_start) <= 673 * 900 THEN '7 days'
    ELSE 'longer'
  END AS gap_size,
  e.energy_wh
FROM ref('dws_energy_15min') AS e
WHERE e.window_before IS NOT NULL AND seconds_between(e.window_before, e.window_start) > 900
