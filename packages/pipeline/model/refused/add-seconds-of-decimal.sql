-- refused: MODEL_TYPE_CLASH
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
  x: { description: d }
*/
SELECT r.device, add_seconds(r.ts, r.voltage_v) AS x FROM ref('ods_reading') AS r
