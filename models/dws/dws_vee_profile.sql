/*
layer: dws
description: >
  The week whose profile fills a gap of more than 2 hours: the nearest of the four before it in which every quarter was read, the register
  never went below its first or above its last value, and something was used.
owner: metering
key: [device, gap_end]
partition: gap_end
columns:
  device: { description: "the meter's identifier" }
  gap_end: { description: "the quarter that ends the gap" }
  week: { description: "how many weeks before" }
  register_first_wh: { description: "register then at the gap's begin", unit: Wh }
  energy_wh: { description: "energy of the same quarters then", unit: Wh }
tests:
  - unique: key
*/
SELECT
  p.device,
  p.gap_end,
  p.week,
  COALESCE(p.register_first_wh, 0) AS register_first_wh,
  COALESCE(p.register_last_wh - p.register_first_wh, 0) AS energy_wh
FROM ref('dws_vee_profile_week') AS p
WHERE
  p.quarters = p.intervals + 1
  AND p.register_first_wh = p.register_min_wh
  AND p.register_last_wh = p.register_max_wh
  AND p.register_last_wh > p.register_first_wh
QUALIFY row_number() OVER (PARTITION BY p.device, p.gap_end ORDER BY p.week) = 1
