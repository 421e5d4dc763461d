/*
layer: dws
description: >
  Active energy of each device in each quarter of an hour [window_start, window_start + 15 min), before and after validation, estimation
  and editing (VEE): raw_wh is what dws_energy_15min has, vee_wh what is to be reckoned with. validated: as read. estimated: a quarter of a
  gap, see dws_vee_estimate. rejected: the register went back, so nothing tells what was used; none is made up. not_estimated: it ends a gap of
  more than 7 days.
owner: metering
key: [device, window_start, status]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the quarter of an hour, included" }
  status: { description: "validated, estimated, rejected or not_estimated" }
  method: { description: "register, linear, profile or none" }
  raw_wh: { description: "energy since the window before; NULL for a quarter that was not read", unit: Wh }
  vee_wh: { description: "energy in the quarter after VEE; NULL where there is none", unit: Wh }
tests:
  - unique: key
  - unique: [device, window_start]
  - range: { column: vee_wh, min: 0 }
*/
SELECT
  e.device,
  e.window_start,
  'validated' AS status,
  'register' AS method,
  e.energy_wh AS raw_wh,
  e.energy_wh AS vee_wh
FROM ref('dws_energy_15min') AS e
WHERE e.energy_wh >= 0 AND COALESCE(seconds_between(e.window_before, e.window_start), 900) = 900
UNION ALL
SELECT s.device, s.window_start, 'estimated' AS status, s.method, s.raw_wh, s.energy_wh AS vee_wh
FROM ref('dws_vee_estimate') AS s
UNION ALL
SELECT
  e.device,
  e.window_start,
  'rejected' AS status,
  'none' AS method,
  e.energy_wh AS raw_wh,
  CAST(NULL AS BIGINT) AS vee_wh
FROM ref('dws_energy_15min') AS e
WHERE e.energy_wh < 0
UNION ALL
SELECT
  g.device,
  g.window_start,
  'not_estimated' AS status,
  'none' AS method,
  g.energy_wh AS raw_wh,
  CAST(NULL AS BIGINT) AS vee_wh
FROM ref('dws_vee_gap') AS g
WHERE g.gap_size = 'longer' AND g.energy_wh >= 0
