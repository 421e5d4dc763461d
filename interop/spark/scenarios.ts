import type { Scenario } from "./scenario.ts";
import { roundTrip } from "./scenarios/round-trip.ts";

export const SCENARIOS: readonly Scenario[] = [
  roundTrip("cow-v6", { version: 6 }),
  roundTrip("cow-v8", { version: 8 }),
  roundTrip("cow-v9", { version: 9 }),
  roundTrip("mor-v6", { version: 6, type: "MERGE_ON_READ" }),
  roundTrip("mor-v8", { version: 8, type: "MERGE_ON_READ" }),
  roundTrip("mor-v9", { version: 9, type: "MERGE_ON_READ" }),
];
