export { assert, GridlakeError, hasCode, type ErrorOptions, type Retry } from "./errors.ts";
export { ManualClock, systemClock, type Clock } from "./clock.ts";
export { BoundedQueue } from "./bounded-queue.ts";
export { parseConfig } from "./config.ts";
export { DAY_MS, GIB, HOUR_MS, KIB, MIB, MINUTE_MS, SECOND_MS } from "./units.ts";
