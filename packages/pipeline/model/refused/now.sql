-- refused: MODEL_NONDETERMINISTIC
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
*/
SELECT d.device
FROM ref('dim_device') AS d
WHERE now() > TIMESTAMPTZ '2024-01-01T00:00:00Z'
