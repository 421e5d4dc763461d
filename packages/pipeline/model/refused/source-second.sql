-- refused: MODEL_UNSUPPORTED
/*
layer: ods
description: a model that must be refused
owner: tests
key: [topic_offset, line]
columns: { topic_offset: { description: d }, line: { description: d }, device: { description: d } }
*/
SELECT t.topic_offset, t.line, t.device FROM topic('readings') AS t
