import {
  buildService,
  defineService,
  type Service,
  type ServiceDefinition,
  type ServiceRuntime,
} from "@gridlake/service-kit";
import { consumptionRoute } from "./consumption.ts";
import type { AnalyticsDeps, AnalyticsPorts } from "./deps.ts";
import { deviceListRoute } from "./device-list.ts";
import { feederListRoute } from "./feeder-list.ts";
import { GridZone } from "./grid-zone.ts";
import { loadCurveRoute } from "./load-curve.ts";
import { NewestEvent } from "./newest-event.ts";
import { pipelineStateRoute } from "./pipeline-state.ts";
import { QuarantineCounts } from "./quarantine-counts.ts";
import { quarantinedLineRoute } from "./quarantined-line.ts";
import { quarantineRoute } from "./quarantine.ts";
import { summaryRoute } from "./summary.ts";
import { topConsumersRoute } from "./top-consumers.ts";

export const analytics: ServiceDefinition<AnalyticsPorts> = defineService<AnalyticsPorts>({
  name: "analytics",
  title: "Analytics",
  version: "0.1.0",
  description: "Indicators, real-time and offline, and the state of the pipeline that computes them",
  prefixes: ["/api/analytics"],
  routes(app, ports) {
    loadCurveRoute(app, ports);
    consumptionRoute(app, ports);
    topConsumersRoute(app, ports);
    deviceListRoute(app, ports);
    feederListRoute(app, ports);
    summaryRoute(app, ports);
    pipelineStateRoute(app, ports);
    quarantineRoute(app, ports);
    quarantinedLineRoute(app, ports);
  },
});

/** The service over what the pipeline serves. @throws ANALYTICS_ZONE_UNKNOWN */
export function createAnalyticsService(runtime: ServiceRuntime, deps: AnalyticsDeps): Promise<Service> {
  return buildService(analytics, runtime, {
    ...deps,
    newest: new NewestEvent(deps.serving, deps.watch),
    quarantined: new QuarantineCounts(deps.serving, deps.watch),
    zone: new GridZone(deps.timeZone ?? "UTC"),
  });
}
