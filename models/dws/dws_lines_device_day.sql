/*
layer: dws
description: >
  Accepted lines of readings by device and calendar day of what they measured, doubled ones too.
owner: metering
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the day, included" }
  lines: { description: "accepted lines" }
tests:
  - unique: key
  - range: { column: lines, min: 1 }
*/
SELECT r.device, window_start(r.ts, '1 day') AS window_start, COUNT(*) AS lines
FROM ref('ods_reading') AS r
WHERE r.reject_reason IS NULL AND r.device IS NOT NULL AND r.ts IS NOT NULL
GROUP BY r.device, window_start(r.ts, '1 day')
