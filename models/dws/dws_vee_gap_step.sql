/*
layer: dws
description: >
  Each quarter of an hour of a gap that can be estimated: of up to 7 days, with a register that did not go back. Step 0 is the last
  quarter read before it, the last step the one that ends it.
owner: metering
key: [device, gap_end, step]
partition: gap_end
columns:
  device: { description: "the meter's identifier" }
  gap_end: { description: "the quarter that ends the gap" }
  step: { description: "place in the gap, from 0" }
  window_start: { description: "begin of the quarter of an hour, included" }
  intervals: { description: "missing quarters and the one that ends the gap" }
  gap_size: { description: "2 hours, 1 day or 7 days" }
  energy_wh: { description: "energy of the whole gap", unit: Wh }
tests:
  - unique: key
  - range: { column: step, min: 0 }
*/
SELECT
  g.device,
  g.window_start AS gap_end,
  s.step,
  add_seconds(g.window_before, s.step * 900) AS window_start,
  g.intervals,
  g.gap_size,
  g.energy_wh
FROM ref('dws_vee_gap') AS g
JOIN ref('seed_gap_step') AS s ON s.gap_size = g.gap_size AND s.step <= g.intervals
WHERE g.energy_wh >= 0
