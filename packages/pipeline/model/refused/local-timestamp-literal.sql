-- refused: MODEL_UNSUPPORTED
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
*/
SELECT e.device FROM ref('dwd_reading') AS e WHERE e.ts > TIMESTAMPTZ '2024-01-01 00:00:00'
