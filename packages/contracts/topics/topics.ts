import { CUSTOMERS, TARIFFS } from "./registers/customers.ts";
import { DEVICES } from "./registers/devices.ts";
import { FEEDERS, REGIONS, STATIONS, TRANSFORMERS, VOLTAGE_LIMITS } from "./registers/network.ts";
import { OUTAGES } from "./registers/outages.ts";
import { QUARANTINE_RESOLUTIONS } from "./quarantine-resolutions.ts";
import { READINGS } from "./readings.ts";
import type { Topic } from "./topic.ts";

/** What is known of the grid, each a stream of changes. */
export const REGISTERS: readonly Topic[] = [
  REGIONS,
  STATIONS,
  FEEDERS,
  TRANSFORMERS,
  TARIFFS,
  CUSTOMERS,
  VOLTAGE_LIMITS,
  DEVICES,
  OUTAGES,
];

/** Every topic of the platform; registers first, so that a device is known before its first reading is judged. */
export const TOPICS: readonly Topic[] = [...REGISTERS, QUARANTINE_RESOLUTIONS, READINGS];
