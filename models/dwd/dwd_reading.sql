/*
layer: dwd
description: >
  The readings that count: accepted lines of registered devices, one for each device and instant. Of several the highest
  seq holds, of equal ones the first that arrived, so that what a retry doubles counts once (law L4). A device that is
  registered later brings its earlier readings in.
owner: platform
key: [device, ts]
ordering: seq
partition: ts
freshness: 5 minutes
columns:
  device: { description: "the meter's identifier" }
  ts: { description: "the instant measured" }
  seq: { description: "the device's own counter" }
  energy_wh: { description: "cumulative register of active energy imported", unit: Wh }
  active_power_w: { description: "active power, positive when consuming", unit: W }
  voltage_v: { description: "phase voltage, root mean square", unit: V }
  current_a: { description: "phase current, root mean square", unit: A }
  reactive_power_var: { description: "reactive power, positive when inductive", unit: var }
  energy_exported_wh: { description: "cumulative register of active energy given back to the grid", unit: Wh }
  reactive_energy_varh: { description: "cumulative register of reactive energy imported", unit: varh }
  reactive_energy_exported_varh: { description: "cumulative register of reactive energy given back", unit: varh }
  received_at: { description: "when the port took the reading in" }
tests:
  - not_null: [device, ts, seq, energy_wh]
  - unique: key
  - range: { column: energy_wh, min: 0 }
  - range: { column: voltage_v, min: 0, max: 900000 }
  - relation: { column: device, to: dim_device.device }
*/
SELECT
  r.device,
  r.ts,
  r.seq,
  r.energy_wh,
  r.active_power_w,
  r.voltage_v,
  r.current_a,
  r.reactive_power_var,
  r.energy_exported_wh,
  r.reactive_energy_varh,
  r.reactive_energy_exported_varh,
  r.received_at
FROM ref('ods_reading') AS r
JOIN ref('dim_device') AS d ON d.device = r.device
WHERE r.reject_reason IS NULL AND r.ts IS NOT NULL AND r.seq IS NOT NULL AND r.energy_wh IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY r.device, r.ts ORDER BY r.seq DESC, r.topic_offset, r.line) = 1
