import type { Topic } from "./topic.ts";

/** Changes of the device register; for one device the last record holds. */
export const DEVICES: Topic = {
  name: "devices",
  description: "the device register as a stream of changes",
  fields: [
    { name: "device", type: "VARCHAR", required: true, maxLength: 64, description: "the meter's identifier" },
    {
      name: "feeder",
      type: "VARCHAR",
      required: true,
      maxLength: 64,
      description: "the feeder that supplies it",
    },
    { name: "name", type: "VARCHAR", required: false, maxLength: 200, description: "a name for people" },
    {
      name: "rated_voltage_v",
      type: "DECIMAL(9,3)",
      required: false,
      unit: "V",
      min: 0,
      max: 900_000,
      description: "nominal voltage",
    },
    {
      name: "deleted",
      type: "BOOLEAN",
      required: false,
      description: "true takes the device off the register",
    },
  ],
};

/** Changes of the feeder register; for one feeder the last record holds. */
export const FEEDERS: Topic = {
  name: "feeders",
  description: "the feeder register as a stream of changes",
  fields: [
    {
      name: "feeder",
      type: "VARCHAR",
      required: true,
      maxLength: 64,
      description: "the feeder's identifier",
    },
    { name: "name", type: "VARCHAR", required: false, maxLength: 200, description: "a name for people" },
    {
      name: "station",
      type: "VARCHAR",
      required: false,
      maxLength: 64,
      description: "the station it leaves from",
    },
    { name: "region", type: "VARCHAR", required: false, maxLength: 64, description: "the region it lies in" },
    {
      name: "deleted",
      type: "BOOLEAN",
      required: false,
      description: "true takes the feeder off the register",
    },
  ],
};
