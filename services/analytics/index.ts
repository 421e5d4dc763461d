export { analytics, createAnalyticsService } from "./service.ts";
export { QuarantineCounts } from "./quarantine-counts.ts";
export type { AnalyticsDeps } from "./deps.ts";
