-- refused: MODEL_NONDETERMINISTIC
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
  at: { description: d }
*/
SELECT d.device, CURRENT_TIMESTAMP AS at FROM ref('dim_device') AS d
