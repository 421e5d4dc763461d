/*
layer: dim
description: >
  The last accepted record of each outage, removed ones included. Last is by place in the log:
  the highest topic_offset, then the highest line.
owner: platform
key: [outage]
columns:
  outage: { description: "the outage's identifier" }
  scope: { description: "what it takes the supply from: feeder, transformer or device" }
  element: { description: "the feeder, transformer or device that is without supply" }
  started_at: { description: "when supply was lost" }
  ended_at: { description: "when supply was back; NULL while it lasts" }
  customers_interrupted: { description: "how many customers it took the supply from; NULL: all of the element" }
  cause: { description: "why" }
  planned: { description: "true for one that was announced" }
  is_deleted: { description: "true where the last record took the outage off the register" }
  topic_offset: { description: "offset of the log record that decided" }
  line: { description: "position of the deciding line in its record, from 1" }
tests:
  - unique: key
*/
SELECT
  o.outage,
  o.scope,
  o.element,
  o.started_at,
  o.ended_at,
  o.customers_interrupted,
  o.cause,
  COALESCE(o.planned, FALSE) AS planned,
  COALESCE(o.deleted, FALSE) AS is_deleted,
  o.topic_offset,
  o.line
FROM ref('ods_outage') AS o
WHERE
  o.reject_reason IS NULL
  AND o.outage IS NOT NULL
  AND o.scope IS NOT NULL
  AND o.element IS NOT NULL
  AND o.started_at IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY o.outage ORDER BY o.topic_offset DESC, o.line DESC) = 1
