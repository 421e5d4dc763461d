/*
layer: dws
description: >
  Active energy that each device gave back to the grid in a quarter of an hour [window_start, window_start + 15 min):
  register_end - register_end of the device's window before, whenever that was; in its first window register_end -
  register_start. As dws_energy_15min, of the register of exported energy.
owner: metering
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the window, included" }
  energy_wh: { description: "active energy given back since the device's window before", unit: Wh }
tests:
  - not_null: [energy_wh]
  - unique: key
*/
SELECT
  w.device,
  w.window_start,
  w.register_end_wh
    - COALESCE(lag(w.register_end_wh) OVER (PARTITION BY w.device ORDER BY w.window_start), w.register_start_wh)
    AS energy_wh
FROM ref('dws_export_register_15min') AS w
