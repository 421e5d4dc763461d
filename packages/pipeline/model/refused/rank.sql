-- refused: MODEL_UNSUPPORTED
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
  r: { description: d }
*/
SELECT d.device, rank() OVER (ORDER BY d.device) AS r FROM ref('dim_device') AS d
