/*
layer: dws
description: >
  What validation found, one row for each quarter of an hour or day and rule that it broke. missing: a gap ended here, of so many missing
  quarters. negative: the register went back. stuck: the register stood still in a quarter in which the meter itself read a mean power of 50 W
  or more (12.5 Wh). spike: the register rose by at least 500 Wh in a quarter,
  and by more than 2.8 times what the mean of at least three powers that the meter read in the same quarter makes of it; the factor is that of
  the spike check of public VEE practice (180 % above), taken against the meter's own power, so that a quarter is judged when it comes. zero_run: a calendar day with at least 90 quarters read, and nothing used in any.
owner: metering
key: [device, window_start, rule]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the quarter, or of the day for zero_run" }
  rule: { description: "missing, negative, stuck, spike or zero_run" }
  value: { description: "what was found: quarters, Wh, W, Wh, quarters" }
  limit_value: { description: "the bound that it broke, in the same unit" }
tests:
  - unique: key
*/
SELECT g.device, g.window_start, 'missing' AS rule, g.intervals - 1 AS value, 0 AS limit_value
FROM ref('dws_vee_gap') AS g
UNION ALL
SELECT e.device, e.window_start, 'negative' AS rule, e.energy_wh AS value, 0 AS limit_value
FROM ref('dws_energy_15min') AS e
WHERE e.energy_wh < 0
UNION ALL
SELECT
  e.device,
  e.window_start,
  'stuck' AS rule,
  COALESCE(CAST(floor(e.power_sum_w) AS BIGINT) // e.power_readings, 0) AS value,
  50 AS limit_value
FROM ref('dws_energy_15min') AS e
WHERE e.energy_wh = 0 AND e.window_before IS NOT NULL AND CAST(floor(e.power_sum_w) AS BIGINT) // e.power_readings >= 50
UNION ALL
SELECT
  e.device,
  e.window_start,
  'spike' AS rule,
  e.energy_wh AS value,
  COALESCE(CAST(floor(e.power_sum_w * 0.7) AS BIGINT) // e.power_readings, 0) AS limit_value
FROM ref('dws_energy_15min') AS e
WHERE
  e.energy_wh >= 500
  AND e.power_readings >= 3
  AND seconds_between(e.window_before, e.window_start) = 900
  AND e.energy_wh > CAST(floor(e.power_sum_w * 0.7) AS BIGINT) // e.power_readings
UNION ALL
SELECT d.device, d.window_start, 'zero_run' AS rule, d.zero_intervals AS value, 90 AS limit_value
FROM ref('dws_vee_device_day') AS d
WHERE d.zero_intervals >= 90 AND d.zero_intervals = d.intervals
