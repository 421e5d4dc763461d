-- refused: MODEL_AMBIGUOUS_COLUMN
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
  name: { description: d }
*/
SELECT d.device, name FROM ref('dim_device') AS d JOIN ref('dim_feeder') AS f ON f.feeder = d.feeder
