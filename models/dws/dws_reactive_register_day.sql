/*
layer: dws
description: >
  The registers of reactive energy of each device that has them, both directions together, in a calendar day
  [window_start, window_start + 1 day): the lowest and the highest value read of imported + exported. A device without a
  register of exported reactive energy has 0 there.
owner: quality
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the window, included" }
  register_start_varh: { description: "lowest register read in the day", unit: varh }
  register_end_varh: { description: "highest register read in the day", unit: varh }
tests:
  - range: { column: register_start_varh, min: 0 }
  - unique: key
*/
SELECT
  r.device,
  window_start(r.ts, '1 day') AS window_start,
  MIN(r.reactive_energy_varh + COALESCE(r.reactive_energy_exported_varh, 0)) AS register_start_varh,
  MAX(r.reactive_energy_varh + COALESCE(r.reactive_energy_exported_varh, 0)) AS register_end_varh
FROM ref('dwd_reading') AS r
WHERE r.reactive_energy_varh IS NOT NULL
GROUP BY r.device, window_start(r.ts, '1 day')
