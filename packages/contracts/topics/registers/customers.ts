import type { Topic } from "../topic.ts";
import { deleted, displayName, identifier } from "./fields.ts";

/** Changes of the customer register; for one customer the last record holds. IEC 61968: Customer. */
export const CUSTOMERS: Topic = {
  name: "customers",
  description: "the customer register as a stream of changes",
  fields: [
    identifier("customer", "the customer's identifier", { required: true }),
    displayName,
    identifier("category", "what kind of customer it is, such as residential or industrial"),
    identifier("tariff", "the tariff that it pays by"),
    identifier("region", "the region it lies in"),
    deleted("customer"),
  ],
};

/** Sharp, peak, flat and valley: 尖, 峰, 平, 谷. */
export const TARIFF_PERIODS = ["sharp", "peak", "flat", "valley"] as const;
/** Monday to Friday, and Saturday with Sunday. */
export const DAY_TYPES = ["workday", "weekend"] as const;
const MINUTES_OF_A_DAY = 1_440;
/** Energy is known by quarters of an hour, so prices change at quarters. */
const QUARTER_MINUTES = 15;

/**
 * Changes of the tariff register. An entry is one step of a day: its period and price hold from `from_minute` to the
 * next step of the same day. For one (`tariff`, `valid_from`, `day_type`, `from_minute`) the last record holds.
 * IEC 61968-9: Tariff, TimeTariffInterval.
 */
export const TARIFFS: Topic = {
  name: "tariffs",
  description: "the time-of-use tariffs as a stream of changes, one entry a step of the day",
  fields: [
    identifier("tariff", "the tariff's identifier", { required: true }),
    {
      name: "valid_from",
      type: "TIMESTAMPTZ",
      required: true,
      description: "from when the version of the tariff holds, included; a season is a version",
    },
    {
      name: "valid_to",
      type: "TIMESTAMPTZ",
      required: false,
      description: "until when it holds, not included; at the latest until the tariff's next version",
    },
    {
      name: "day_type",
      type: "VARCHAR",
      required: true,
      values: DAY_TYPES,
      description: "workday (Monday to Friday) or weekend",
    },
    {
      name: "from_minute",
      type: "BIGINT",
      required: true,
      unit: "min",
      min: 0,
      max: MINUTES_OF_A_DAY - QUARTER_MINUTES,
      multipleOf: QUARTER_MINUTES,
      description: "the minute of the local day at which it begins; a quarter of an hour, the first one 0",
    },
    {
      name: "period",
      type: "VARCHAR",
      required: true,
      values: TARIFF_PERIODS,
      description: "sharp, peak, flat or valley",
    },
    {
      name: "price_per_kwh",
      type: "DECIMAL(12,6)",
      required: true,
      unit: "currency/kWh",
      min: 0,
      max: 100_000,
      description: "price of a kWh, in the grid's currency",
    },
    deleted("step"),
  ],
};
