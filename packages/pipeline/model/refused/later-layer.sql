-- refused: MODEL_LAYER
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
*/
SELECT t.device FROM ref('ads_top_consumer') AS t
