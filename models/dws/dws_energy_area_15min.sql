/*
layer: dws
description: >
  Active energy that entered and left each area in a quarter of an hour [window_start, window_start + 15 min): the sums
  over its meters of energy imported - energy exported (dws_energy_15min, dws_export_15min), with the number of meters
  that have a value, and of those whose value is of this quarter alone, since the quarter before has one too. Values
  beyond ±10^13 Wh are no measurement and left out.
owner: metering
key: [area_kind, area, window_start]
partition: window_start
columns:
  area_kind: { description: "feeder or transformer" }
  area: { description: "the feeder's or transformer's identifier" }
  window_start: { description: "begin of the window, included" }
  in_wh: { description: "energy that entered the area", unit: Wh }
  out_wh: { description: "energy that left the area through meters", unit: Wh }
  heads_read: { description: "meters of what enters that have a value" }
  meters_read: { description: "meters of what leaves that have a value" }
  alone: { description: "meters whose value is of this quarter alone" }
tests:
  - not_null: [in_wh, out_wh]
  - unique: key
*/
SELECT
  b.area_kind,
  b.area,
  e.window_start,
  SUM(CASE WHEN b.side = 'in' THEN e.energy_wh - COALESCE(x.energy_wh, 0) ELSE 0 END) AS in_wh,
  SUM(CASE WHEN b.side = 'in' THEN 0 ELSE e.energy_wh - COALESCE(x.energy_wh, 0) END) AS out_wh,
  SUM(CASE WHEN b.side = 'in' THEN 1 ELSE 0 END) AS heads_read,
  SUM(CASE WHEN b.side = 'in' THEN 0 ELSE 1 END) AS meters_read,
  SUM(CASE WHEN e.window_before = e.window_start - INTERVAL '15 minutes' THEN 1 ELSE 0 END) AS alone
FROM ref('dws_energy_15min') AS e
JOIN ref('dim_device_area') AS b ON b.device = e.device
LEFT JOIN ref('dws_export_15min') AS x
  ON x.device = e.device
  AND x.window_start = e.window_start
  AND x.energy_wh BETWEEN -10000000000000 AND 10000000000000
WHERE e.energy_wh BETWEEN -10000000000000 AND 10000000000000
GROUP BY b.area_kind, b.area, e.window_start
