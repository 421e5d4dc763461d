import { DEVICES, FEEDERS } from "./master-data.ts";
import { READINGS } from "./readings.ts";
import type { Topic } from "./topic.ts";

/** Every topic of the platform. */
export const TOPICS: readonly Topic[] = [FEEDERS, DEVICES, READINGS];
