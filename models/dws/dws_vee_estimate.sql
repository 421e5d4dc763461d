/*
layer: dws
description: >
  The estimate of each quarter of an hour that lies in a gap or ends one; see dws_vee_gap_share. A quarter lies in one gap at most.
owner: metering
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the quarter of an hour, included" }
  gap_end: { description: "the quarter that ends the gap" }
  method: { description: "linear or profile" }
  raw_wh: { description: "energy since the window before, where the quarter was read", unit: Wh }
  energy_wh: { description: "the estimate", unit: Wh }
tests:
  - not_null: [energy_wh]
  - unique: key
*/
SELECT s.device, s.window_start, s.gap_end, s.method, s.raw_wh, s.energy_wh
FROM ref('dws_vee_gap_share') AS s
QUALIFY row_number() OVER (PARTITION BY s.device, s.window_start ORDER BY s.gap_end, s.step, s.method) = 1
