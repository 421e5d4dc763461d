/*
layer: dwd
description: >
  Lines that are not counted and wait for somebody's decision, each with its reason. A reading leaves the quarantine when
  its device is registered; any line leaves it when a mended one is sent in its place, or when it is discarded. Those that
  were decided about stay in dwd_refused, with dwd_quarantine_resolution.
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
SELECT r.topic, r.topic_offset, r.line, r.received_at, r.reason, r.device, r.raw
FROM ref('dwd_refused') AS r
LEFT JOIN ref('dwd_quarantine_resolution') AS q
  ON q.of_topic = r.topic AND q.of_offset = r.topic_offset AND q.of_line = r.line
WHERE q.of_topic IS NULL
