/*
layer: dws
description: >
  What the device's register was in the same quarters 1 to 4 weeks before a gap of more than 2 hours (weeks of 168 hours).
owner: metering
key: [device, gap_end, week, step]
partition: gap_end
columns:
  device: { description: "the meter's identifier" }
  gap_end: { description: "the quarter that ends the gap" }
  week: { description: "how many weeks before" }
  step: { description: "place in the gap, from 0" }
  intervals: { description: "steps of the gap after 0" }
  register_end_wh: { description: "highest register read in that quarter", unit: Wh }
tests:
  - unique: key
*/
SELECT
  s.device,
  s.gap_end,
  w.week,
  s.step,
  s.intervals,
  r.register_end_wh
FROM ref('dws_vee_gap_step') AS s
JOIN ref('seed_profile_week') AS w ON s.gap_size <> '2 hours'
JOIN ref('dws_register_15min') AS r
  ON r.device = s.device AND r.window_start = add_seconds(s.window_start, w.week * -604800)
