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
SELECT d.device, lag(d.name) OVER (ORDER BY d.device ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM ref('dim_device') AS d
