/*
layer: dws
description: >
  Reactive energy of each device in a calendar day [window_start, window_start + 1 day), both directions together:
  register_end - register_end of the device's day before, whenever that was; on its first day register_end -
  register_start.
owner: quality
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the window, included" }
  reactive_energy_varh: { description: "reactive energy since the device's day before", unit: varh }
tests:
  - not_null: [reactive_energy_varh]
  - unique: key
*/
SELECT
  w.device,
  w.window_start,
  w.register_end_varh
    - COALESCE(lag(w.register_end_varh) OVER (PARTITION BY w.device ORDER BY w.window_start), w.register_start_varh)
    AS reactive_energy_varh
FROM ref('dws_reactive_register_day') AS w
