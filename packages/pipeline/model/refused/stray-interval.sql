-- refused: MODEL_UNSUPPORTED
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
  i: { description: d }
*/
SELECT d.device, INTERVAL '1 hour' AS i FROM ref('dim_device') AS d
