-- refused: MODEL_UNKNOWN_COLUMN
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
  x: { description: d }
*/
SELECT d.device,
  d.nothing AS x
FROM ref('dim_device') AS d
