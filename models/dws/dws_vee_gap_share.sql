/*
layer: dws
description: >
  Estimates of the quarters of a gap, whole Wh that add up to the difference of the registers at its ends. linear: the energy E of the gap's
  n quarters in even parts, step i getting floor(E * i / n) - floor(E * (i - 1) / n), so that the remainder is spread over the gap;
  for gaps of up to 2 hours, and for longer ones without a profile. profile: by what the same quarters used in the nearest of four weeks
  that is complete, P(i) of P up to step i: floor(E * P(i) / P) - floor(E * P(i - 1) / P), the last step up to E.
owner: metering
key: [device, gap_end, step, method]
partition: gap_end
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the quarter of an hour, included" }
  step: { description: "place in the gap, from 1" }
  method: { description: "linear or profile" }
  gap_end: { description: "the quarter that ends the gap" }
  raw_wh: { description: "energy since the window before, where the quarter was read", unit: Wh }
  energy_wh: { description: "the estimate", unit: Wh }
tests:
  - not_null: [energy_wh]
  - unique: key
  - unique: [device, window_start]
*/
SELECT
  s.device,
  s.window_start,
  s.step,
  'linear' AS method,
  s.gap_end,
  CASE WHEN s.step = s.intervals THEN s.energy_wh END AS raw_wh,
  (s.energy_wh * s.step) // s.intervals - (s.energy_wh * (s.step - 1)) // s.intervals AS energy_wh
FROM ref('dws_vee_gap_step') AS s
LEFT JOIN ref('dws_vee_profile') AS p ON p.device = s.device AND p.gap_end = s.gap_end
WHERE s.step > 0 AND p.device IS NULL
UNION ALL
SELECT
  s.device,
  s.window_start,
  s.step,
  'profile' AS method,
  s.gap_end,
  CASE WHEN s.step = s.intervals THEN s.energy_wh END AS raw_wh,
  CASE
    WHEN s.step = s.intervals THEN s.energy_wh
    ELSE CAST(floor(CAST(s.energy_wh AS DOUBLE) * CAST(h.register_end_wh - p.register_first_wh AS DOUBLE) / CAST(p.energy_wh AS DOUBLE)) AS BIGINT)
  END
    - CAST(floor(CAST(s.energy_wh AS DOUBLE) * CAST(b.register_end_wh - p.register_first_wh AS DOUBLE) / CAST(p.energy_wh AS DOUBLE)) AS BIGINT)
    AS energy_wh
FROM ref('dws_vee_gap_step') AS s
JOIN ref('dws_vee_profile') AS p ON p.device = s.device AND p.gap_end = s.gap_end
JOIN ref('dws_vee_profile_step') AS h
  ON h.device = s.device AND h.gap_end = s.gap_end AND h.week = p.week AND h.step = s.step
JOIN ref('dws_vee_profile_step') AS b
  ON b.device = s.device AND b.gap_end = s.gap_end AND b.week = p.week AND b.step = s.step - 1
WHERE s.step > 0
