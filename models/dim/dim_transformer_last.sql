/*
layer: dim
description: >
  The last accepted record of each transformer, removed ones included. Last is by place in the log:
  the highest topic_offset, then the highest line.
owner: platform
key: [transformer]
columns:
  transformer: { description: "the transformer's identifier" }
  feeder: { description: "the feeder that supplies it" }
  name: { description: "a name for people" }
  rated_capacity_va: { description: "rated apparent power", unit: VA }
  is_deleted: { description: "true where the last record took the transformer off the register" }
  topic_offset: { description: "offset of the log record that decided" }
  line: { description: "position of the deciding line in its record, from 1" }
tests:
  - unique: key
*/
SELECT
  t.transformer,
  t.feeder,
  t.name,
  t.rated_capacity_va,
  COALESCE(t.deleted, FALSE) AS is_deleted,
  t.topic_offset,
  t.line
FROM ref('ods_transformer') AS t
WHERE t.reject_reason IS NULL AND t.transformer IS NOT NULL AND t.feeder IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY t.transformer ORDER BY t.topic_offset DESC, t.line DESC) = 1
