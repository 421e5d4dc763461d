/*
layer: dim
description: The regions on the register, each as its last accepted record has it.
owner: platform
key: [region]
columns:
  region: { description: "the region's identifier" }
  parent: { description: "the region that it is a part of" }
  name: { description: "a name for people" }
tests:
  - not_null: [region]
  - unique: key
*/
SELECT r.region, r.parent, r.name
FROM ref('dim_region_last') AS r
WHERE NOT r.is_deleted
