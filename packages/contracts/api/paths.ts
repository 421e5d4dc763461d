/** What `createApi` takes, one for each service; the types are generated. */
export type { paths as AnalyticsPaths } from "../generated/analytics.ts";
export type { paths as AuthorityPaths } from "../generated/authority.ts";
export type { paths as TelemetryPaths } from "../generated/telemetry.ts";
