-- refused: MODEL_KEY
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
*/
SELECT MAX(d.device) AS device FROM ref('dim_device') AS d GROUP BY d.feeder
