/*
layer: dim
description: >
  The last accepted record of each device, removed ones included. Last is by place in the log:
  the highest topic_offset, then the highest line.
owner: platform
key: [device]
columns:
  device: { description: "the meter's identifier" }
  feeder: { description: "the feeder that supplies it" }
  name: { description: "a name for people" }
  rated_voltage_v: { description: "nominal voltage", unit: V }
  kind: { description: "what it measures: customer, feeder_head or transformer" }
  transformer: { description: "the transformer that supplies it, or whose output it measures" }
  customer: { description: "the customer whose supply it measures" }
  rated_current_a: { description: "rated current", unit: A }
  is_deleted: { description: "true where the last record took the device off the register" }
  topic_offset: { description: "offset of the log record that decided" }
  line: { description: "position of the deciding line in its record, from 1" }
tests:
  - unique: key
*/
SELECT
  d.device,
  d.feeder,
  d.name,
  d.rated_voltage_v,
  COALESCE(d.kind, 'customer') AS kind,
  d.transformer,
  d.customer,
  d.rated_current_a,
  COALESCE(d.deleted, FALSE) AS is_deleted,
  d.topic_offset,
  d.line
FROM ref('ods_device') AS d
WHERE d.reject_reason IS NULL AND d.device IS NOT NULL AND d.feeder IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY d.device ORDER BY d.topic_offset DESC, d.line DESC) = 1
