/*
layer: ads
description: >
  Voltage qualification rate (供电电压合格率) of each feeder in a calendar day: that of all readings of its devices together,
  qualified / samples, to the sixth digit, half up; and of all their ten-minute means.
owner: quality
key: [feeder, window_start]
partition: window_start
columns:
  feeder: { description: "the feeder's identifier" }
  window_start: { description: "begin of the window, included" }
  devices: { description: "devices with a voltage in the day" }
  samples: { description: "readings with a voltage in the day" }
  low: { description: "those below the lower limit" }
  high: { description: "those above the upper limit" }
  qualification_rate: { description: "share of the readings within the limits" }
  means: { description: "ten-minute means" }
  means_within: { description: "those within ±10 % of nominal" }
  means_rate: { description: "share of the ten-minute means within ±10 %" }
tests:
  - range: { column: qualification_rate, min: 0, max: 1 }
  - unique: key
*/
SELECT
  d.feeder,
  v.window_start,
  COUNT(*) AS devices,
  SUM(v.samples) AS samples,
  SUM(v.low) AS low,
  SUM(v.high) AS high,
  ratio(SUM(v.samples - v.low - v.high), SUM(v.samples)) AS qualification_rate,
  SUM(v.means) AS means,
  SUM(v.means_within) AS means_within,
  ratio(SUM(v.means_within), SUM(v.means)) AS means_rate
FROM ref('ads_voltage_device_day') AS v
JOIN ref('dim_device') AS d ON d.device = v.device
GROUP BY d.feeder, v.window_start
