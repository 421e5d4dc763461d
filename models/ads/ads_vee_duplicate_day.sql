/*
layer: ads
description: >
  Readings that came more than once, of each device and calendar day in which there were any: accepted lines beyond one for each device and
  instant. Of these the highest seq counts (law L4), so doubled lines do not distort any sum.
owner: metering
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the day, included" }
  lines: { description: "accepted lines" }
  duplicates: { description: "lines beyond one for each instant" }
tests:
  - unique: key
  - range: { column: duplicates, min: 1 }
*/
SELECT l.device, l.window_start, l.lines, l.lines - e.readings AS duplicates
FROM ref('dws_lines_device_day') AS l
JOIN ref('dws_energy_day') AS e ON e.device = l.device AND e.window_start = l.window_start
WHERE l.lines > e.readings
