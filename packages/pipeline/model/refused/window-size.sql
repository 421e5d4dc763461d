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
SELECT e.device, window_start(e.ts, '7 minutes') AS x FROM ref('dwd_reading') AS e
