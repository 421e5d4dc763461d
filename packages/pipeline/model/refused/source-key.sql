-- refused: MODEL_KEY
/*
layer: ods
description: a model that must be refused
owner: tests
key: [place, line]
columns: { place: { description: d }, line: { description: d } }
*/
SELECT t.topic_offset AS place, t.line FROM topic('readings') AS t
