/*
layer: dim
description: The devices on the register, each as its last accepted record has it.
owner: platform
key: [device]
columns:
  device: { description: "the meter's identifier" }
  feeder: { description: "the feeder that supplies it" }
  name: { description: "a name for people" }
  rated_voltage_v: { description: "nominal voltage", unit: V }
tests:
  - not_null: [device, feeder]
  - unique: key
  - range: { column: rated_voltage_v, min: 0 }
  - relation: { column: feeder, to: dim_feeder.feeder }
*/
SELECT d.device, d.feeder, d.name, d.rated_voltage_v
FROM ref('dim_device_last') AS d
WHERE NOT d.is_deleted
