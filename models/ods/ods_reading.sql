/*
layer: ods
description: >
  Every line of the topic readings, as it came: doubled, late and refused ones too. One row is one line.
owner: platform
key: [topic_offset, line]
partition: received_at
columns:
  topic_offset: { description: "offset of the log record that carried the line" }
  line: { description: "position of the line in its record, from 1" }
  received_at: { description: "when the port took the record in, stamped once" }
  reject_reason: { description: "why the line is refused; NULL for an accepted line" }
  raw: { description: "the line as it came, kept for refused lines alone" }
  device: { description: "the meter's identifier" }
  ts: { description: "the instant measured" }
  seq: { description: "the device's own counter; of two readings of one instant the higher one holds" }
  energy_wh: { description: "cumulative register of active energy imported", unit: Wh }
  active_power_w: { description: "active power, positive when consuming", unit: W }
  voltage_v: { description: "phase voltage, root mean square", unit: V }
  current_a: { description: "phase current, root mean square", unit: A }
  reactive_power_var: { description: "reactive power, positive when inductive", unit: var }
  energy_exported_wh: { description: "cumulative register of active energy given back to the grid", unit: Wh }
  reactive_energy_varh: { description: "cumulative register of reactive energy imported", unit: varh }
  reactive_energy_exported_varh: { description: "cumulative register of reactive energy given back", unit: varh }
tests:
  - not_null: [topic_offset, line, received_at]
  - unique: key
*/
SELECT
  t.topic_offset,
  t.line,
  t.received_at,
  t.reject_reason,
  CASE WHEN t.reject_reason IS NOT NULL THEN t.raw END AS raw,
  t.device,
  t.ts,
  t.seq,
  t.energy_wh,
  t.active_power_w,
  t.voltage_v,
  t.current_a,
  t.reactive_power_var,
  t.energy_exported_wh,
  t.reactive_energy_varh,
  t.reactive_energy_exported_varh
FROM topic('readings') AS t
