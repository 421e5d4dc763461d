-- refused: MODEL_UNSUPPORTED
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
*/
WITH x AS (SELECT 1) SELECT d.device FROM ref('dim_device') AS d
