-- refused: MODEL_KEY
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
*/
SELECT e.device FROM ref('dwd_reading') AS e QUALIFY row_number() OVER (PARTITION BY e.device ORDER BY e.ts) <= 2
