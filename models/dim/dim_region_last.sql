/*
layer: dim
description: >
  The last accepted record of each region, removed ones included. Last is by place in the log:
  the highest topic_offset, then the highest line.
owner: platform
key: [region]
columns:
  region: { description: "the region's identifier" }
  parent: { description: "the region that it is a part of" }
  name: { description: "a name for people" }
  is_deleted: { description: "true where the last record took the region off the register" }
  topic_offset: { description: "offset of the log record that decided" }
  line: { description: "position of the deciding line in its record, from 1" }
tests:
  - unique: key
*/
SELECT
  r.region,
  r.parent,
  r.name,
  COALESCE(r.deleted, FALSE) AS is_deleted,
  r.topic_offset,
  r.line
FROM ref('ods_region') AS r
WHERE r.reject_reason IS NULL AND r.region IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY r.region ORDER BY r.topic_offset DESC, r.line DESC) = 1
