-- refused: MODEL_HEADER_INVALID
/*
layer: dwd
description: d
owner: o
key: [devices]
columns: { device: { description: d } }
*/
SELECT d.device FROM ref('dim_device') AS d
