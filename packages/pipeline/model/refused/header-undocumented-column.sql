-- refused: MODEL_HEADER_INVALID
/*
layer: dwd
description: d
owner: o
key: [device]
columns: { device: { description: d } }
*/
SELECT d.device, d.name FROM ref('dim_device') AS d
