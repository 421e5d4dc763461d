-- refused: MODEL_HEADER_INVALID
/*
layer: dwd
description: d
owner: o
key: [device]
columns: { device: { description: d } }
tests: [ { not_null: [device], severity: fatal } ]
*/
SELECT d.device FROM ref('dim_device') AS d
