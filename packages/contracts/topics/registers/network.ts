import type { Topic } from "../topic.ts";
import { deleted, displayName, identifier } from "./fields.ts";

/** Changes of the region register, a tree; for one region the last record holds. IEC 61970: (Sub)GeographicalRegion. */
export const REGIONS: Topic = {
  name: "regions",
  description: "the region register as a stream of changes",
  fields: [
    identifier("region", "the region's identifier", { required: true }),
    identifier("parent", "the region that it is a part of"),
    displayName,
    deleted("region"),
  ],
};

/** Changes of the station register; for one station the last record holds. IEC 61970: Substation. */
export const STATIONS: Topic = {
  name: "stations",
  description: "the station register as a stream of changes",
  fields: [
    identifier("station", "the station's identifier", { required: true }),
    displayName,
    identifier("region", "the region it lies in"),
    deleted("station"),
  ],
};

/** Changes of the feeder register; for one feeder the last record holds. IEC 61970: Feeder. */
export const FEEDERS: Topic = {
  name: "feeders",
  description: "the feeder register as a stream of changes",
  fields: [
    identifier("feeder", "the feeder's identifier", { required: true }),
    displayName,
    identifier("station", "the station it leaves from"),
    identifier("region", "the region it lies in"),
    deleted("feeder"),
  ],
};

/** Changes of the transformer register; for one transformer the last record holds. IEC 61970: PowerTransformer. */
export const TRANSFORMERS: Topic = {
  name: "transformers",
  description: "the register of distribution transformers as a stream of changes",
  fields: [
    identifier("transformer", "the transformer's identifier", { required: true }),
    identifier("feeder", "the feeder that supplies it", { required: true }),
    displayName,
    {
      name: "rated_capacity_va",
      type: "BIGINT",
      required: false,
      unit: "VA",
      min: 1,
      max: 10_000_000_000,
      description: "rated apparent power (IEC 61970: PowerTransformerEnd.ratedS)",
    },
    deleted("transformer"),
  ],
};

/** Changes of the voltage limits; for one nominal voltage the last record holds. */
export const VOLTAGE_LIMITS: Topic = {
  name: "voltage_limits",
  description: "the permitted deviations of each nominal voltage as a stream of changes",
  fields: [
    {
      name: "nominal_voltage_v",
      type: "BIGINT",
      required: true,
      unit: "V",
      min: 1,
      max: 900_000,
      description: "the nominal voltage, in whole volts",
    },
    {
      name: "lower_percent",
      type: "DECIMAL(5,2)",
      required: true,
      unit: "%",
      min: 0,
      max: 100,
      description: "how far below nominal the voltage may be, as a positive number",
    },
    {
      name: "upper_percent",
      type: "DECIMAL(5,2)",
      required: true,
      unit: "%",
      min: 0,
      max: 100,
      description: "how far above nominal the voltage may be",
    },
    deleted("limits"),
  ],
};
