-- refused: MODEL_PARTITION
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device, ts]
partition: seq
columns:
  device: { description: d }
  ts: { description: d }
  seq: { description: d }
*/
SELECT r.device, r.ts, r.seq FROM ref('dwd_reading') AS r
