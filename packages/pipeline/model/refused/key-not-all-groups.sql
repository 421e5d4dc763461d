-- refused: MODEL_KEY
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
  feeder: { description: d }
  n: { description: d }
*/
SELECT d.device, d.feeder, COUNT(*) AS n FROM ref('dim_device') AS d GROUP BY d.device, d.feeder
