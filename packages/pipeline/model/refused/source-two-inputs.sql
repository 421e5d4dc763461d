-- refused: MODEL_UNSUPPORTED
/*
layer: ods
description: a model that must be refused
owner: tests
key: [topic_offset, line]
columns: { topic_offset: { description: d }, line: { description: d }, name: { description: d } }
*/
SELECT t.topic_offset, t.line, d.name FROM topic('readings') AS t
JOIN ref('ods_device') AS d ON d.topic_offset = t.topic_offset AND d.line = t.line
