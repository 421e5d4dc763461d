-- refused: MODEL_UNSUPPORTED
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
  x: { description: d }
*/
SELECT d.device, ln(d.rated_voltage_v) AS x FROM ref('dim_device') AS d
