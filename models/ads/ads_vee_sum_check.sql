/*
layer: ads
description: >
  Sum check of each device: the sum of its quarters of an hour after VEE against what its register says, which is the sum before VEE. The
  difference is what was rejected or is not estimated; estimates keep the sum to the Wh.
owner: metering
key: [device]
columns:
  device: { description: "the meter's identifier" }
  raw_wh: { description: "sum before VEE: differences of the register", unit: Wh }
  vee_wh: { description: "sum after VEE", unit: Wh }
  difference_wh: { description: "raw_wh - vee_wh; 0 passes", unit: Wh }
tests:
  - unique: key
*/
SELECT
  d.device,
  SUM(d.raw_wh) AS raw_wh,
  SUM(d.vee_wh) AS vee_wh,
  COALESCE(SUM(d.raw_wh), 0) - COALESCE(SUM(d.vee_wh), 0) AS difference_wh
FROM ref('dws_vee_device_day') AS d
GROUP BY d.device
