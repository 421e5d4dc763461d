-- refused: MODEL_UNSUPPORTED
/*
layer: ods
description: a model that must be refused
owner: tests
key: [device]
columns: { device: { description: d }, topic_offset: { description: d } }
*/
SELECT t.device, t.topic_offset FROM topic('readings') AS t WHERE t.device IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY t.device ORDER BY t.topic_offset, t.line) = 1
