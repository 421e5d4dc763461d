-- refused: MODEL_NULLABLE_ORDER
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
*/
SELECT d.device FROM ref('dim_device') AS d QUALIFY row_number() OVER (PARTITION BY d.feeder ORDER BY d.name, d.device) = 1
