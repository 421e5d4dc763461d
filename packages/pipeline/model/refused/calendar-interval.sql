-- refused: MODEL_UNSUPPORTED
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
*/
SELECT e.device FROM ref('dwd_reading') AS e WHERE e.ts + INTERVAL '1 day' > TIMESTAMPTZ '2024-01-01T00:00:00Z'
