-- refused: MODEL_UNKNOWN_REF
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns: { device: { description: d } }
tests:
  - relation: { column: device, to: dim_device.nothing }
*/
SELECT d.device FROM ref('dim_device') AS d
