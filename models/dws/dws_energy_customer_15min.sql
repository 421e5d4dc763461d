/*
layer: dws
description: >
  Active energy of each customer in a quarter of an hour [window_start, window_start + 15 min): the sum over the devices
  that are registered to it now, of kind customer. Device energies beyond ±10^13 Wh are no measurement (100 MW, the most
  that a reading may tell, take eleven years for it) and left out, as the number of devices shows.
owner: metering
key: [customer, window_start]
partition: window_start
columns:
  customer: { description: "the customer's identifier" }
  window_start: { description: "begin of the window, included" }
  energy_wh: { description: "active energy in the window", unit: Wh }
  devices: { description: "devices with energy in the window" }
tests:
  - not_null: [energy_wh]
  - range: { column: devices, min: 1 }
  - unique: key
*/
SELECT
  d.customer,
  e.window_start,
  SUM(e.energy_wh) AS energy_wh,
  COUNT(*) AS devices
FROM ref('dws_energy_15min') AS e
JOIN ref('dim_device') AS d ON d.device = e.device AND d.kind = 'customer'
WHERE d.customer IS NOT NULL AND e.energy_wh BETWEEN -10000000000000 AND 10000000000000
GROUP BY d.customer, e.window_start
