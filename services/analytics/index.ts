export { analytics, createAnalyticsService } from "./service.ts";
export type { AnalyticsDeps } from "./deps.ts";
