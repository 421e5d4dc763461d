/*
layer: dim
description: The feeders on the register, each as its last accepted record has it.
owner: platform
key: [feeder]
columns:
  feeder: { description: "the feeder's identifier" }
  name: { description: "a name for people" }
  station: { description: "the station it leaves from" }
  region: { description: "the region it lies in" }
tests:
  - not_null: [feeder]
  - unique: key
*/
SELECT f.feeder, f.name, f.station, f.region
FROM ref('dim_feeder_last') AS f
WHERE NOT f.is_deleted
