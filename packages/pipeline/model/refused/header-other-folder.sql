-- refused: MODEL_HEADER_INVALID
/*
layer: dws
description: d
owner: o
key: [device]
columns: { device: { description: d } }
*/
SELECT d.device FROM ref('dim_device') AS d
