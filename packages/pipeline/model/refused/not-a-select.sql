-- refused: MODEL_SYNTAX
/*
layer: dwd
description: a model that must be refused
owner: tests
key: [device]
columns:
  device: { description: d }
*/
CREATE TABLE x (a INT)
