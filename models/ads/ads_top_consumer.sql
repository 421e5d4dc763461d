/*
layer: ads
description: >
  The ten customers' devices that used the most active energy in each calendar day of the grid's time zone
  [window_start, window_start + 1 day); equal ones in the order of their identifiers.
owner: dispatch
key: [window_start, rank]
partition: window_start
live: true
columns:
  window_start: { description: "begin of the day, included" }
  rank: { description: "1 for the largest" }
  device: { description: "the meter's identifier" }
  energy_wh: { description: "active energy in the day", unit: Wh }
tests:
  - unique: key
  - unique: [window_start, device]
  - range: { column: rank, min: 1, max: 10 }
*/
SELECT
  e.window_start,
  row_number() OVER (PARTITION BY e.window_start ORDER BY e.energy_wh DESC, e.device) AS rank,
  e.device,
  e.energy_wh
FROM ref('dws_energy_day') AS e
JOIN ref('dim_device') AS d ON d.device = e.device AND d.kind = 'customer'
QUALIFY row_number() OVER (PARTITION BY e.window_start ORDER BY e.energy_wh DESC, e.device) <= 10
