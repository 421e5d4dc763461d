/*
layer: dim
description: The transformers on the register, each as its last accepted record has it.
owner: platform
key: [transformer]
columns:
  transformer: { description: "the transformer's identifier" }
  feeder: { description: "the feeder that supplies it" }
  name: { description: "a name for people" }
  rated_capacity_va: { description: "rated apparent power", unit: VA }
tests:
  - not_null: [transformer, feeder]
  - unique: key
  - range: { column: rated_capacity_va, min: 1 }
  - relation: { column: feeder, to: dim_feeder.feeder }
*/
SELECT t.transformer, t.feeder, t.name, t.rated_capacity_va
FROM ref('dim_transformer_last') AS t
WHERE NOT t.is_deleted
