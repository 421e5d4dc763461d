import { collectDefaultMetrics, Histogram, Registry } from "prom-client";

/** The metrics of one platform: its own registry, so that two platforms in one process (tests) do not meet. */
export interface Metrics {
  registry: Registry;
  /** Seconds from the first byte of the request's head to the end of the answer. */
  httpDuration: Histogram<"service" | "method" | "route" | "status">;
}

/** 1 ms to 10 s: what a person notices and what an alarm needs. */
const HTTP_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** @param options.process also collects CPU, memory and event-loop lag. @default false */
export function createMetrics(options: { process?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry, prefix: "gridlake_" });
  return {
    registry,
    httpDuration: new Histogram({
      name: "gridlake_http_request_seconds",
      help: "duration of HTTP requests",
      labelNames: ["service", "method", "route", "status"],
      buckets: HTTP_BUCKETS_S,
      registers: [registry],
    }),
  };
}
