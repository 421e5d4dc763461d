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
  kind: { description: "what it measures: customer, feeder_head or transformer" }
  transformer: { description: "the transformer that supplies it, or whose output it measures" }
  customer: { description: "the customer whose supply it measures" }
  rated_current_a: { description: "rated current", unit: A }
tests:
  - not_null: [device, feeder]
  - unique: key
  - range: { column: rated_voltage_v, min: 0 }
  - relation: { column: feeder, to: dim_feeder.feeder }
*/
SELECT d.device, d.feeder, d.name, d.rated_voltage_v, d.kind, d.transformer, d.customer, d.rated_current_a
FROM ref('dim_device_last') AS d
WHERE NOT d.is_deleted
