/*
layer: dim
description: >
  The last accepted record of each station, removed ones included. Last is by place in the log:
  the highest topic_offset, then the highest line.
owner: platform
key: [station]
columns:
  station: { description: "the station's identifier" }
  name: { description: "a name for people" }
  region: { description: "the region it lies in" }
  is_deleted: { description: "true where the last record took the station off the register" }
  topic_offset: { description: "offset of the log record that decided" }
  line: { description: "position of the deciding line in its record, from 1" }
tests:
  - unique: key
*/
SELECT
  s.station,
  s.name,
  s.region,
  COALESCE(s.deleted, FALSE) AS is_deleted,
  s.topic_offset,
  s.line
FROM ref('ods_station') AS s
WHERE s.reject_reason IS NULL AND s.station IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY s.station ORDER BY s.topic_offset DESC, s.line DESC) = 1
