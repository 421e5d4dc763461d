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
SELECT d.device, CAST(CASE WHEN exp(d.rated_voltage_v) > 1 THEN 1.5 END AS DECIMAL(5,2)) AS x FROM ref('dim_device') AS d
