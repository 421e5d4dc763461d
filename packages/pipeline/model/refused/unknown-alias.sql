-- refused: MODEL_UNKNOWN_COLUMN
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
*/
SELECT x.device FROM ref('dim_device') AS d
