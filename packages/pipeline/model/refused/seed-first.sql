-- refused: MODEL_UNSUPPORTED
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [step]
columns:
  step: { description: d }
  x: { description: d }
*/
SELECT s.step, s.step AS x FROM ref('seed_step') AS s
