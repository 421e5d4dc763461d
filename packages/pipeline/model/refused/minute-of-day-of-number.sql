-- refused: MODEL_TYPE_CLASH
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
  x: { description: d }
*/
SELECT d.device, minute_of_day(5) AS x FROM ref('dim_device') AS d
