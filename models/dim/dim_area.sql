/*
layer: dim
description: >
  How many meters each area (a feeder or a transformer with what is below it) has on the register, on either side.
owner: platform
key: [area_kind, area]
columns:
  area_kind: { description: "feeder or transformer" }
  area: { description: "the feeder's or transformer's identifier" }
  heads: { description: "meters of what enters the area" }
  meters: { description: "meters of what leaves the area" }
tests:
  - unique: key
*/
SELECT
  b.area_kind,
  b.area,
  SUM(CASE WHEN b.side = 'in' THEN 1 ELSE 0 END) AS heads,
  SUM(CASE WHEN b.side = 'in' THEN 0 ELSE 1 END) AS meters
FROM ref('dim_device_area') AS b
GROUP BY b.area_kind, b.area
