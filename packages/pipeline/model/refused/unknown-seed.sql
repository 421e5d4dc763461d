-- refused: MODEL_UNKNOWN_REF
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
  x: { description: d }
*/
SELECT d.device, s.x FROM ref('dim_device') AS d JOIN ref('seed_nothing') AS s ON s.device = d.device
