/*
layer: dim
description: >
  The limits of each device's voltage, from its nominal voltage: those of the register voltage_limits; where it has
  none, those of GB/T 12325-2008: -10 % to +7 % below 300 V (220 V single-phase), ±7 % below 35 kV (380 V to 20 kV), and
  ±5 % from there on, where the standard limits the sum of both deviations to 10 %. The ten-minute limits are those of
  EN 50160:2010, ±10 %.
owner: quality
key: [device]
columns:
  device: { description: "the meter's identifier" }
  rated_voltage_v: { description: "nominal voltage", unit: V }
  lower_v: { description: "lowest permitted voltage, included", unit: V }
  upper_v: { description: "highest permitted voltage, included", unit: V }
  mean_lower_v: { description: "lowest permitted ten-minute mean, included", unit: V }
  mean_upper_v: { description: "highest permitted ten-minute mean, included", unit: V }
tests:
  - unique: key
*/
SELECT
  d.device,
  d.rated_voltage_v,
  d.rated_voltage_v
    * (100 - COALESCE(l.lower_percent, CASE WHEN d.rated_voltage_v < 300 THEN 10 WHEN d.rated_voltage_v < 35000 THEN 7 ELSE 5 END))
    * 0.01 AS lower_v,
  d.rated_voltage_v
    * (100 + COALESCE(l.upper_percent, CASE WHEN d.rated_voltage_v < 35000 THEN 7 ELSE 5 END))
    * 0.01 AS upper_v,
  d.rated_voltage_v * 0.9 AS mean_lower_v,
  d.rated_voltage_v * 1.1 AS mean_upper_v
FROM ref('dim_device') AS d
LEFT JOIN ref('dim_voltage_limit') AS l ON l.nominal_voltage_v = CAST(floor(d.rated_voltage_v) AS BIGINT)
WHERE d.rated_voltage_v > 0
