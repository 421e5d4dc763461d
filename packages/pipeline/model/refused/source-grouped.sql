-- refused: MODEL_UNSUPPORTED
/*
layer: ods
description: a model that must be refused
owner: tests
key: [topic_offset]
columns: { topic_offset: { description: d }, lines: { description: d } }
*/
SELECT t.topic_offset, COUNT(*) AS lines FROM topic('readings') AS t GROUP BY t.topic_offset
