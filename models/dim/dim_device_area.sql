/*
layer: dim
description: >
  The areas whose losses each device tells: its feeder, where it measures what enters (kind feeder_head) or what leaves
  (kind customer), and its transformer, where it measures what enters (kind transformer) or what leaves (kind customer).
owner: platform
key: [device, area_kind]
columns:
  device: { description: "the meter's identifier" }
  area_kind: { description: "feeder or transformer" }
  area: { description: "the feeder's or transformer's identifier" }
  side: { description: "in where it measures what enters the area, out where it measures what leaves it" }
tests:
  - not_null: [area, side]
  - unique: key
*/
SELECT
  d.device,
  'feeder' AS area_kind,
  d.feeder AS area,
  CASE WHEN d.kind = 'feeder_head' THEN 'in' ELSE 'out' END AS side
FROM ref('dim_device') AS d
WHERE d.kind <> 'transformer'
UNION ALL
SELECT
  d.device,
  'transformer' AS area_kind,
  d.transformer AS area,
  CASE WHEN d.kind = 'transformer' THEN 'in' ELSE 'out' END AS side
FROM ref('dim_device') AS d
WHERE d.kind <> 'feeder_head' AND d.transformer IS NOT NULL
