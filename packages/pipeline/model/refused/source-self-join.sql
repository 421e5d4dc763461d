-- refused: MODEL_UNSUPPORTED
/*
layer: ods
description: a model that must be refused
owner: tests
key: [topic_offset, line]
columns: { topic_offset: { description: d }, line: { description: d }, device: { description: d } }
*/
SELECT t.topic_offset, t.line, o.device FROM topic('readings') AS t
LEFT JOIN topic('readings') AS o ON o.topic_offset = t.topic_offset AND o.line = t.line
