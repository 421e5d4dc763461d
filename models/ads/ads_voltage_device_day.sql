/*
layer: ads
description: >
  Voltage qualification rate (供电电压合格率) of each device in a calendar day [window_start, window_start + 1 day): the share
  of its readings within [lower_v, upper_v] of dim_device_voltage, qualified / samples, to the sixth digit, half up
  (GB/T 12325-2008, where each sample stands for its share of the time). Beside it the share of ten-minute means within
  ±10 % of nominal (EN 50160:2010 asks for 95 % of a week's), and the sum of the largest deviations on both sides of
  nominal by nominal, which GB/T 12325 limits to 10 % from 35 kV on.
owner: quality
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the window, included" }
  samples: { description: "readings with a voltage in the day" }
  low: { description: "those below the lower limit" }
  high: { description: "those above the upper limit" }
  qualification_rate: { description: "share of the readings within the limits" }
  min_voltage_v: { description: "lowest voltage read", unit: V }
  max_voltage_v: { description: "highest voltage read", unit: V }
  deviation_sum: { description: "largest deviation above and below nominal together, by nominal" }
  means: { description: "ten-minute means" }
  means_within: { description: "those within ±10 % of nominal" }
  means_rate: { description: "share of the ten-minute means within ±10 %" }
tests:
  - range: { column: qualification_rate, min: 0, max: 1 }
  - range: { column: means_rate, min: 0, max: 1 }
  - unique: key
*/
SELECT
  w.device,
  window_start(w.window_start, '1 day') AS window_start,
  SUM(w.samples) AS samples,
  SUM(w.low) AS low,
  SUM(w.high) AS high,
  ratio(SUM(w.samples - w.low - w.high), SUM(w.samples)) AS qualification_rate,
  MIN(w.min_voltage_v) AS min_voltage_v,
  MAX(w.max_voltage_v) AS max_voltage_v,
  ratio(
    CAST(floor(
      (
        CASE WHEN MAX(w.max_voltage_v) > MAX(d.rated_voltage_v) THEN MAX(w.max_voltage_v) ELSE MAX(d.rated_voltage_v) END
        - CASE WHEN MIN(w.min_voltage_v) < MAX(d.rated_voltage_v) THEN MIN(w.min_voltage_v) ELSE MAX(d.rated_voltage_v) END
      ) * 1000
    ) AS BIGINT),
    CAST(floor(MAX(d.rated_voltage_v) * 1000) AS BIGINT)
  ) AS deviation_sum,
  COUNT(*) AS means,
  SUM(
    CASE
      WHEN w.voltage_sum_v BETWEEN d.mean_lower_v * w.samples AND d.mean_upper_v * w.samples THEN 1
      ELSE 0
    END
  ) AS means_within,
  ratio(
    SUM(
      CASE
        WHEN w.voltage_sum_v BETWEEN d.mean_lower_v * w.samples AND d.mean_upper_v * w.samples THEN 1
        ELSE 0
      END
    ),
    COUNT(*)
  ) AS means_rate
FROM ref('dws_voltage_device_10min') AS w
JOIN ref('dim_device_voltage') AS d ON d.device = w.device
GROUP BY w.device, window_start(w.window_start, '1 day')
