/*
layer: dim
description: >
  The last accepted record of each entry, removed ones included. Last is by place in the log:
  the highest topic_offset, then the highest line.
owner: platform
key: [nominal_voltage_v]
columns:
  nominal_voltage_v: { description: "the nominal voltage, in whole volts", unit: V }
  lower_percent: { description: "how far below nominal the voltage may be, as a positive number", unit: "%" }
  upper_percent: { description: "how far above nominal the voltage may be", unit: "%" }
  is_deleted: { description: "true where the last record took the entry off the register" }
  topic_offset: { description: "offset of the log record that decided" }
  line: { description: "position of the deciding line in its record, from 1" }
tests:
  - unique: key
*/
SELECT
  v.nominal_voltage_v,
  v.lower_percent,
  v.upper_percent,
  COALESCE(v.deleted, FALSE) AS is_deleted,
  v.topic_offset,
  v.line
FROM ref('ods_voltage_limit') AS v
WHERE
  v.reject_reason IS NULL
  AND v.nominal_voltage_v IS NOT NULL
  AND v.lower_percent IS NOT NULL
  AND v.upper_percent IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY v.nominal_voltage_v ORDER BY v.topic_offset DESC, v.line DESC) = 1
