-- refused: MODEL_KEY
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
*/
SELECT COALESCE(d.rated_voltage_v, 0) AS device FROM ref('dim_device') AS d
