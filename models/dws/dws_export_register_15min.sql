/*
layer: dws
description: >
  The register of exported energy of each device that has one, at the edges of what was read in a quarter of an hour
  [window_start, window_start + 15 min): its lowest and its highest value.
owner: metering
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the window, included" }
  register_start_wh: { description: "lowest register of exported energy read in the window", unit: Wh }
  register_end_wh: { description: "highest register of exported energy read in the window", unit: Wh }
tests:
  - range: { column: register_start_wh, min: 0 }
  - unique: key
*/
SELECT
  r.device,
  window_start(r.ts, '15 minutes') AS window_start,
  MIN(r.energy_exported_wh) AS register_start_wh,
  MAX(r.energy_exported_wh) AS register_end_wh
FROM ref('dwd_reading') AS r
WHERE r.energy_exported_wh IS NOT NULL
GROUP BY r.device, window_start(r.ts, '15 minutes')
