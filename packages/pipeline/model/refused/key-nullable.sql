-- refused: MODEL_KEY
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
*/
SELECT d.name AS device FROM ref('dim_device') AS d
