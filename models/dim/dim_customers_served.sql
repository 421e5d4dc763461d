/*
layer: dim
description: >
  How many customers each part of the grid supplies, as registered now. A customer is a metered point of supply (IEEE Std
  1366 section 2): a device of kind customer. A feeder without a region counts to the region unassigned.
owner: dispatch
key: [scope, element]
columns:
  scope: { description: "feeder, transformer, device or region" }
  element: { description: "its identifier" }
  customers: { description: "registered points of supply" }
tests:
  - unique: key
  - range: { column: customers, min: 1 }
*/
SELECT 'feeder' AS scope, d.feeder AS element, COUNT(*) AS customers
FROM ref('dim_device') AS d
WHERE d.kind = 'customer'
GROUP BY d.feeder
UNION ALL
SELECT 'transformer' AS scope, d.transformer AS element, COUNT(*) AS customers
FROM ref('dim_device') AS d
WHERE d.kind = 'customer' AND d.transformer IS NOT NULL
GROUP BY d.transformer
UNION ALL
SELECT 'device' AS scope, d.device AS element, COUNT(*) AS customers
FROM ref('dim_device') AS d
WHERE d.kind = 'customer'
GROUP BY d.device
UNION ALL
SELECT 'region' AS scope, COALESCE(f.region, 'unassigned') AS element, COUNT(*) AS customers
FROM ref('dim_device') AS d
JOIN ref('dim_feeder') AS f ON f.feeder = d.feeder
WHERE d.kind = 'customer'
GROUP BY COALESCE(f.region, 'unassigned')
