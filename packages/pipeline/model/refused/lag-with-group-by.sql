-- refused: MODEL_UNSUPPORTED
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
  n: { description: d }
*/
SELECT d.device, lag(MIN(d.name)) OVER (ORDER BY d.device) AS n FROM ref('dim_device') AS d GROUP BY d.device
