-- refused: MODEL_PARTITION
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device, ts]
partition: received_at
columns:
  device: { description: d }
  ts: { description: d }
  received_at: { description: d }
*/
SELECT r.device, r.ts, r.received_at FROM ref('dwd_reading') AS r
