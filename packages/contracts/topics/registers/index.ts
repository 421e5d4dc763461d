export { CUSTOMERS, DAY_TYPES, TARIFF_PERIODS, TARIFFS } from "./customers.ts";
export { DEVICE_KINDS, DEVICES } from "./devices.ts";
export { FEEDERS, REGIONS, STATIONS, TRANSFORMERS, VOLTAGE_LIMITS } from "./network.ts";
export { OUTAGE_SCOPES, OUTAGES } from "./outages.ts";
