-- refused: MODEL_LAYER
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
*/
SELECT t.device FROM topic('devices') AS t WHERE t.device IS NOT NULL
