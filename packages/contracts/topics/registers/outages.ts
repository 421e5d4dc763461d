import type { Topic } from "../topic.ts";
import { deleted, identifier } from "./fields.ts";

/** What an outage takes the supply from: all of a feeder, all below a transformer, or one device. */
export const OUTAGE_SCOPES = ["feeder", "transformer", "device"] as const;

/**
 * Changes of the outage register: an outage is reported when it begins and again when it ends; for one outage the last
 * record holds. IEEE 1366: interruption. IEC 61968-3: Outage.
 */
export const OUTAGES: Topic = {
  name: "outages",
  description: "interruptions of supply as a stream of changes",
  fields: [
    identifier("outage", "the outage's identifier", { required: true }),
    {
      name: "scope",
      type: "VARCHAR",
      required: true,
      values: OUTAGE_SCOPES,
      description: "what it takes the supply from: feeder, transformer or device",
    },
    identifier("element", "the feeder, transformer or device that is without supply", { required: true }),
    {
      name: "started_at",
      type: "TIMESTAMPTZ",
      required: true,
      description: "when supply was lost",
    },
    {
      name: "ended_at",
      type: "TIMESTAMPTZ",
      required: false,
      description: "when supply was back; not given while it lasts",
    },
    {
      name: "customers_interrupted",
      type: "BIGINT",
      required: false,
      min: 0,
      max: 1_000_000_000,
      description: "how many customers it took the supply from, where that is not all of the element",
    },
    {
      name: "cause",
      type: "VARCHAR",
      required: false,
      maxLength: 200,
      description: "why, in the utility's own words or codes",
    },
    {
      name: "planned",
      type: "BOOLEAN",
      required: false,
      description: "true for one that was announced; false where nothing is given",
    },
    deleted("outage"),
  ],
};
