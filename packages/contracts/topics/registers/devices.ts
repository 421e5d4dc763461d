import type { Topic } from "../topic.ts";
import { deleted, displayName, identifier } from "./fields.ts";

/** What a device measures: a customer's supply, all that enters a feeder, or all that a transformer gives off. */
export const DEVICE_KINDS = ["customer", "feeder_head", "transformer"] as const;

/** Changes of the device register; for one device the last record holds. IEC 61968-9: EndDevice, UsagePoint. */
export const DEVICES: Topic = {
  name: "devices",
  description: "the device register as a stream of changes",
  fields: [
    identifier("device", "the meter's identifier", { required: true }),
    identifier("feeder", "the feeder that supplies it", { required: true }),
    displayName,
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
      name: "kind",
      type: "VARCHAR",
      required: false,
      values: DEVICE_KINDS,
      description: "what it measures; customer where nothing is given",
    },
    identifier("transformer", "the transformer that supplies it, or whose output it measures"),
    identifier("customer", "the customer whose supply it measures"),
    {
      name: "rated_current_a",
      type: "DECIMAL(9,3)",
      required: false,
      unit: "A",
      min: 0,
      max: 900_000,
      description: "rated current",
    },
    deleted("device"),
  ],
};
