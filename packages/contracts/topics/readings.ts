import type { Topic } from "./topic.ts";

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
      description: "cumulative register of active energy imported",
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
  ],
};
