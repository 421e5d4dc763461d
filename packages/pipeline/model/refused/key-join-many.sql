-- refused: MODEL_KEY
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
*/
SELECT d.device FROM ref('dim_device') AS d JOIN ref('dwd_reading') AS e ON e.device = d.device
