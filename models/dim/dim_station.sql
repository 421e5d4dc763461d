/*
layer: dim
description: The stations on the register, each as its last accepted record has it.
owner: platform
key: [station]
columns:
  station: { description: "the station's identifier" }
  name: { description: "a name for people" }
  region: { description: "the region it lies in" }
tests:
  - not_null: [station]
  - unique: key
*/
SELECT s.station, s.name, s.region
FROM ref('dim_station_last') AS s
WHERE NOT s.is_deleted
