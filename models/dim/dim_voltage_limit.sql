/*
layer: dim
description: The permitted deviations on the register, each as its last accepted record has it.
owner: platform
key: [nominal_voltage_v]
columns:
  nominal_voltage_v: { description: "the nominal voltage, in whole volts", unit: V }
  lower_percent: { description: "how far below nominal the voltage may be, as a positive number", unit: "%" }
  upper_percent: { description: "how far above nominal the voltage may be", unit: "%" }
tests:
  - not_null: [nominal_voltage_v, lower_percent, upper_percent]
  - unique: key
  - range: { column: lower_percent, min: 0, max: 100 }
  - range: { column: upper_percent, min: 0, max: 100 }
*/
SELECT v.nominal_voltage_v, v.lower_percent, v.upper_percent
FROM ref('dim_voltage_limit_last') AS v
WHERE NOT v.is_deleted
