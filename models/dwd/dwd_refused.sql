/*
layer: dwd
description: >
  Lines that are not counted, each with its reason: refused lines of all topics, and accepted readings of devices that
  are not registered (UNKNOWN_DEVICE). A reading leaves when its device is registered; refused lines stay, also when they
  were decided about. Those that wait for a decision are in dwd_quarantine.
owner: platform
key: [topic, topic_offset, line]
partition: received_at
columns:
  topic: { description: "the topic that the line came in by" }
  topic_offset: { description: "offset of the log record that carried the line" }
  line: { description: "position of the line in its record, from 1" }
  received_at: { description: "when the port took the record in" }
  reason: { description: "MALFORMED_JSON, MISSING_FIELD, WRONG_TYPE, OUT_OF_RANGE, NOT_IN_SCOPE or UNKNOWN_DEVICE" }
  device: { description: "the device that the line names, where it could be read" }
  raw: { description: "the line as it came; NULL for UNKNOWN_DEVICE, whose values are in ods_reading" }
tests:
  - not_null: [topic, topic_offset, line, received_at, reason]
  - unique: key
*/
SELECT 'readings' AS topic, r.topic_offset, r.line, r.received_at, r.reject_reason AS reason, r.device, r.raw
FROM ref('ods_reading') AS r
WHERE r.reject_reason IS NOT NULL
UNION ALL
SELECT
  'readings' AS topic,
  r.topic_offset,
  r.line,
  r.received_at,
  'UNKNOWN_DEVICE' AS reason,
  r.device,
  CAST(NULL AS VARCHAR) AS raw
FROM ref('ods_reading') AS r
LEFT JOIN ref('dim_device') AS d ON d.device = r.device
WHERE r.reject_reason IS NULL AND d.device IS NULL
UNION ALL
SELECT 'devices' AS topic, d.topic_offset, d.line, d.received_at, d.reject_reason AS reason, d.device, d.raw
FROM ref('ods_device') AS d
WHERE d.reject_reason IS NOT NULL
UNION ALL
SELECT
  'feeders' AS topic,
  f.topic_offset,
  f.line,
  f.received_at,
  f.reject_reason AS reason,
  CAST(NULL AS VARCHAR) AS device,
  f.raw
FROM ref('ods_feeder') AS f
WHERE f.reject_reason IS NOT NULL
UNION ALL
SELECT
  'regions' AS topic,
  r.topic_offset,
  r.line,
  r.received_at,
  r.reject_reason AS reason,
  CAST(NULL AS VARCHAR) AS device,
  r.raw
FROM ref('ods_region') AS r
WHERE r.reject_reason IS NOT NULL
UNION ALL
SELECT
  'stations' AS topic,
  s.topic_offset,
  s.line,
  s.received_at,
  s.reject_reason AS reason,
  CAST(NULL AS VARCHAR) AS device,
  s.raw
FROM ref('ods_station') AS s
WHERE s.reject_reason IS NOT NULL
UNION ALL
SELECT
  'transformers' AS topic,
  t.topic_offset,
  t.line,
  t.received_at,
  t.reject_reason AS reason,
  CAST(NULL AS VARCHAR) AS device,
  t.raw
FROM ref('ods_transformer') AS t
WHERE t.reject_reason IS NOT NULL
UNION ALL
SELECT
  'customers' AS topic,
  c.topic_offset,
  c.line,
  c.received_at,
  c.reject_reason AS reason,
  CAST(NULL AS VARCHAR) AS device,
  c.raw
FROM ref('ods_customer') AS c
WHERE c.reject_reason IS NOT NULL
UNION ALL
SELECT
  'tariffs' AS topic,
  t.topic_offset,
  t.line,
  t.received_at,
  t.reject_reason AS reason,
  CAST(NULL AS VARCHAR) AS device,
  t.raw
FROM ref('ods_tariff') AS t
WHERE t.reject_reason IS NOT NULL
UNION ALL
SELECT
  'voltage_limits' AS topic,
  v.topic_offset,
  v.line,
  v.received_at,
  v.reject_reason AS reason,
  CAST(NULL AS VARCHAR) AS device,
  v.raw
FROM ref('ods_voltage_limit') AS v
WHERE v.reject_reason IS NOT NULL
UNION ALL
SELECT
  'outages' AS topic,
  o.topic_offset,
  o.line,
  o.received_at,
  o.reject_reason AS reason,
  CAST(NULL AS VARCHAR) AS device,
  o.raw
FROM ref('ods_outage') AS o
WHERE o.reject_reason IS NOT NULL
UNION ALL
SELECT
  'quarantine_resolutions' AS topic,
  q.topic_offset,
  q.line,
  q.received_at,
  q.reject_reason AS reason,
  CAST(NULL AS VARCHAR) AS device,
  q.raw
FROM ref('ods_quarantine_resolution') AS q
WHERE q.reject_reason IS NOT NULL
