/*
layer: ads
description: >
  Power factor (功率因数) of each feeder in a calendar day, by kind of device: at its head (feeder_head), of its
  transformers, and of its customers: W / sqrt(W^2 + Q^2) of the summed energies of the devices that have a power
  factor, to the sixth digit, half up. Energies beyond ±10^13 are no measurement and left out.
owner: quality
key: [feeder, kind, window_start]
partition: window_start
columns:
  feeder: { description: "the feeder's identifier" }
  kind: { description: "feeder_head, transformer or customer" }
  window_start: { description: "begin of the window, included" }
  devices: { description: "devices with a power factor" }
  energy_wh: { description: "active energy in the day", unit: Wh }
  reactive_energy_varh: { description: "reactive energy in the day, both directions", unit: varh }
  power_factor: { description: "active by apparent energy" }
tests:
  - not_null: [power_factor]
  - range: { column: power_factor, min: 0, max: 1 }
  - unique: key
*/
SELECT
  d.feeder,
  d.kind,
  p.window_start,
  COUNT(*) AS devices,
  SUM(p.energy_wh) AS energy_wh,
  SUM(p.reactive_energy_varh) AS reactive_energy_varh,
  ratio(
    CAST(SUM(p.energy_wh) AS DOUBLE),
    sqrt(
      CAST(SUM(p.energy_wh) AS DOUBLE) * CAST(SUM(p.energy_wh) AS DOUBLE)
      + CAST(SUM(p.reactive_energy_varh) AS DOUBLE) * CAST(SUM(p.reactive_energy_varh) AS DOUBLE)
    )
  ) AS power_factor
FROM ref('ads_power_factor_device_day') AS p
JOIN ref('dim_device') AS d ON d.device = p.device
WHERE p.power_factor IS NOT NULL AND p.energy_wh <= 10000000000000 AND p.reactive_energy_varh <= 10000000000000
GROUP BY d.feeder, d.kind, p.window_start
