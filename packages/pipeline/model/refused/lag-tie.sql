-- refused: MODEL_TIE
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
  x: { description: d }
*/
SELECT e.device, lag(e.energy_wh) OVER (PARTITION BY e.device ORDER BY e.seq) AS x FROM ref('dwd_reading') AS e
