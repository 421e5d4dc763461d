/*
layer: dim
description: >
  The last accepted record of each feeder, removed feeders included. Last is by place in the log:
  the highest topic_offset, then the highest line.
owner: platform
key: [feeder]
columns:
  feeder: { description: "the feeder's identifier" }
  name: { description: "a name for people" }
  station: { description: "the station it leaves from" }
  region: { description: "the region it lies in" }
  is_deleted: { description: "true where the last record took the feeder off the register" }
  topic_offset: { description: "offset of the log record that decided" }
  line: { description: "position of the deciding line in its record, from 1" }
tests:
  - unique: key
*/
SELECT
  f.feeder,
  f.name,
  f.station,
  f.region,
  COALESCE(f.deleted, FALSE) AS is_deleted,
  f.topic_offset,
  f.line
FROM ref('ods_feeder') AS f
WHERE f.reject_reason IS NULL AND f.feeder IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY f.feeder ORDER BY f.topic_offset DESC, f.line DESC) = 1
