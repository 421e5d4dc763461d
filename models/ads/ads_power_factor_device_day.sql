/*
layer: ads
description: >
  Power factor (功率因数) of each device with registers of reactive energy in a calendar day: W / sqrt(W^2 + Q^2) of active
  energy W (imported) and reactive energy Q (both directions together, as 功率因数调整电费办法, 1983, asks for), to the sixth
  digit, half up. NULL where there was no energy, or a register went back.
owner: quality
key: [device, window_start]
partition: window_start
columns:
  device: { description: "the meter's identifier" }
  window_start: { description: "begin of the window, included" }
  energy_wh: { description: "active energy in the day", unit: Wh }
  reactive_energy_varh: { description: "reactive energy in the day, both directions", unit: varh }
  power_factor: { description: "active by apparent energy" }
tests:
  - range: { column: power_factor, min: 0, max: 1 }
  - unique: key
*/
SELECT
  a.device,
  a.window_start,
  a.energy_wh,
  q.reactive_energy_varh,
  CASE
    WHEN a.energy_wh >= 0 AND q.reactive_energy_varh >= 0
      THEN ratio(
        CAST(a.energy_wh AS DOUBLE),
        sqrt(
        CAST(a.energy_wh AS DOUBLE) * CAST(a.energy_wh AS DOUBLE)
        + CAST(q.reactive_energy_varh AS DOUBLE) * CAST(q.reactive_energy_varh AS DOUBLE)
      )
      )
  END AS power_factor
FROM ref('dws_energy_day') AS a
JOIN ref('dws_reactive_energy_day') AS q ON q.device = a.device AND q.window_start = a.window_start
