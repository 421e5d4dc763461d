/*
layer: dws
description: >
  For each gap and week before it how many of its quarters were read then, and the register at both ends.
owner: metering
key: [device, gap_end, week]
partition: gap_end
columns:
  device: { description: "the meter's identifier" }
  gap_end: { description: "the quarter that ends the gap" }
  week: { description: "how many weeks before" }
  quarters: { description: "quarters read then, step 0 included" }
  intervals: { description: "steps of the gap after 0" }
  register_first_wh: { description: "register in step 0", unit: Wh }
  register_last_wh: { description: "register in the last step", unit: Wh }
  register_min_wh: { description: "lowest register", unit: Wh }
  register_max_wh: { description: "highest register", unit: Wh }
tests:
  - unique: key
*/
SELECT
  p.device,
  p.gap_end,
  p.week,
  COUNT(*) AS quarters,
  MAX(p.intervals) AS intervals,
  MAX(CASE WHEN p.step = 0 THEN p.register_end_wh END) AS register_first_wh,
  MAX(CASE WHEN p.step = p.intervals THEN p.register_end_wh END) AS register_last_wh,
  MIN(p.register_end_wh) AS register_min_wh,
  MAX(p.register_end_wh) AS register_max_wh
FROM ref('dws_vee_profile_step') AS p
GROUP BY p.device, p.gap_end, p.week
