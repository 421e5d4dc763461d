/*
layer: dws
description: >
  Active energy of each device in a quarter of an hour [window_start, window_start + 15 min):
  register_end - register_end of the device's window before, whenever that was; in its first window
  register_end - register_start. Windows without readings have no row, and what was used in them is in the next window
  that has. So the sum over any run of windows is exactly the difference of the registers at its ends. Negative where
  the register went back (a meter was changed or reset).
owner: platform
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the window, included" }
  energy_wh: { description: "active energy since the device's window before", unit: Wh }
  register_end_wh: { description: "highest register read in the window", unit: Wh }
  readings: { description: "readings in the window" }
  window_before: { description: "begin of the device's window before; NULL in its first" }
  power_sum_w: { description: "sum of the active power read in the window", unit: W }
  power_readings: { description: "readings with an active power in the window" }
tests:
  - not_null: [energy_wh]
  - unique: key
  - relation: { column: device, to: dim_device.device }
*/
SELECT
  w.device,
  w.window_start,
  w.register_end_wh
    - COALESCE(lag(w.register_end_wh) OVER (PARTITION BY w.device ORDER BY w.window_start), w.register_start_wh)
    AS energy_wh,
  w.register_end_wh,
  w.readings,
  lag(w.window_start) OVER (PARTITION BY w.device ORDER BY w.window_start) AS window_before,
  w.power_sum_w,
  w.power_readings
FROM ref('dws_register_15min') AS w
