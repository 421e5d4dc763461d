-- refused: MODEL_NOT_GROUPED
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
*/
SELECT d.device FROM ref('dim_device') AS d GROUP BY d.device HAVING d.name = 'x'
