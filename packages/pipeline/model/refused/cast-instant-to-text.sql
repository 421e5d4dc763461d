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
SELECT e.device, CAST(e.ts AS VARCHAR) AS x FROM ref('dwd_reading') AS e
