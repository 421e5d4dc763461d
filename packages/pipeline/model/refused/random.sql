-- refused: MODEL_NONDETERMINISTIC
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
  x: { description: d }
*/
SELECT d.device, random() AS x FROM ref('dim_device') AS d
