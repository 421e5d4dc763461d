import type { Topic } from "./topic.ts";

/** A register beyond it is no meter's: 1 PWh. Sums over thousands of devices stay within 64 bits. */
const MAX_REGISTER = 1_000_000_000_000_000;

/** Meter readings, as the devices send them. (`device`, `ts`, `seq`) names a reading (law L4). */
export const READINGS: Topic = {
  name: "readings",
  description: "meter readings as they came in at the device ports",
  scopeField: "device",
  fields: [
    { name: "device", type: "VARCHAR", required: true, maxLength: 64, description: "the meter's identifier" },
    {
      name: "ts",
      type: "TIMESTAMPTZ",
      required: true,
      description: "the instant measured; RFC 3339 with an offset or Z",
    },
    {
      name: "seq",
      type: "BIGINT",
      required: true,
      min: 0,
      description: "the device's own counter; of two readings of one instant the higher one holds",
    },
    {
      name: "energy_wh",
      type: "BIGINT",
      required: true,
      unit: "Wh",
      min: 0,
      description: "cumulative register of active energy imported (OBIS 1.8.0)",
    },
    {
      name: "active_power_w",
      type: "DECIMAL(12,3)",
      required: false,
      unit: "W",
      min: -100_000_000,
      max: 100_000_000,
      description: "active power, positive when consuming",
    },
    {
      name: "voltage_v",
      type: "DECIMAL(9,3)",
      required: false,
      unit: "V",
      min: 0,
      max: 900_000,
      description: "phase voltage, root mean square",
    },
    {
      name: "current_a",
      type: "DECIMAL(9,3)",
      required: false,
      unit: "A",
      min: -900_000,
      max: 900_000,
      description: "phase current, root mean square",
    },
    {
      name: "reactive_power_var",
      type: "DECIMAL(12,3)",
      required: false,
      unit: "var",
      min: -100_000_000,
      max: 100_000_000,
      description: "reactive power, positive when inductive (IEC 62053-23)",
    },
    {
      name: "energy_exported_wh",
      type: "BIGINT",
      required: false,
      unit: "Wh",
      min: 0,
      max: MAX_REGISTER,
      description: "cumulative register of active energy given back to the grid (OBIS 2.8.0)",
    },
    {
      name: "reactive_energy_varh",
      type: "BIGINT",
      required: false,
      unit: "varh",
      min: 0,
      max: MAX_REGISTER,
      description: "cumulative register of reactive energy imported, inductive (OBIS 3.8.0)",
    },
    {
      name: "reactive_energy_exported_varh",
      type: "BIGINT",
      required: false,
      unit: "varh",
      min: 0,
      max: MAX_REGISTER,
      description: "cumulative register of reactive energy given back, capacitive (OBIS 4.8.0)",
    },
  ],
};
