-- refused: MODEL_UNSUPPORTED
/*
layer: ods
description: a model that must be refused
owner: tests
key: [topic_offset, line]
columns: { topic_offset: { description: d }, line: { description: d }, before: { description: d } }
*/
SELECT t.topic_offset, t.line, lag(t.device) OVER (ORDER BY t.topic_offset, t.line) AS before FROM topic('readings') AS t
