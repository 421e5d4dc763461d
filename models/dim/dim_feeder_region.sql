/*
layer: dim
description: >
  The regions that each feeder lies in: its own at depth 0, then the one that this is a part of, up to depth 4. A region
  that is its own ancestor ends the way there. Own regions need not be on the register; those above them are known from
  it alone.
owner: platform
key: [feeder, depth]
columns:
  feeder: { description: "the feeder's identifier" }
  depth: { description: "0 for the feeder's own region, 1 for its parent, and so on" }
  region: { description: "the region that holds the feeder" }
tests:
  - not_null: [region]
  - range: { column: depth, min: 0, max: 4 }
  - unique: key
*/
SELECT f.feeder, 0 AS depth, f.region
FROM ref('dim_feeder') AS f
WHERE f.region IS NOT NULL
UNION ALL
SELECT f.feeder, 1 AS depth, a.parent AS region
FROM ref('dim_feeder') AS f
JOIN ref('dim_region') AS a ON a.region = f.region
WHERE a.parent IS NOT NULL AND a.parent <> f.region
UNION ALL
SELECT f.feeder, 2 AS depth, b.parent AS region
FROM ref('dim_feeder') AS f
JOIN ref('dim_region') AS a ON a.region = f.region
JOIN ref('dim_region') AS b ON b.region = a.parent
WHERE a.parent <> f.region AND b.parent IS NOT NULL AND b.parent NOT IN (f.region, a.parent)
UNION ALL
SELECT f.feeder, 3 AS depth, c.parent AS region
FROM ref('dim_feeder') AS f
JOIN ref('dim_region') AS a ON a.region = f.region
JOIN ref('dim_region') AS b ON b.region = a.parent
JOIN ref('dim_region') AS c ON c.region = b.parent
WHERE
  a.parent <> f.region
  AND b.parent NOT IN (f.region, a.parent)
  AND c.parent IS NOT NULL
  AND c.parent NOT IN (f.region, a.parent, b.parent)
UNION ALL
SELECT f.feeder, 4 AS depth, d.parent AS region
FROM ref('dim_feeder') AS f
JOIN ref('dim_region') AS a ON a.region = f.region
JOIN ref('dim_region') AS b ON b.region = a.parent
JOIN ref('dim_region') AS c ON c.region = b.parent
JOIN ref('dim_region') AS d ON d.region = c.parent
WHERE
  a.parent <> f.region
  AND b.parent NOT IN (f.region, a.parent)
  AND c.parent NOT IN (f.region, a.parent, b.parent)
  AND d.parent IS NOT NULL
  AND d.parent NOT IN (f.region, a.parent, b.parent, c.parent)
