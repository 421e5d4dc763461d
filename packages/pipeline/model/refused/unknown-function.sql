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
SELECT d.device, md5(d.name) AS n FROM ref('dim_device') AS d
