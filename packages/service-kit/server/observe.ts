import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Metrics } from "../telemetry/metrics.ts";

/** Measures and (at level debug) logs every request. The access log proper is the gateway's. */
export function observeRequests(app: FastifyInstance, options: { service: string; metrics: Metrics }): void {
  app.addHook("onRoute", (route) => {
    const timer = routeTimer(options, String(route.method), route.url);
    route.onResponse = [
      (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
        timer(reply.statusCode, reply.elapsedTime);
        request.log.debug({ method: request.method, url: request.url, status: reply.statusCode }, "served");
        done();
      },
      ...[route.onResponse ?? []].flat(),
    ];
  });
}

/** Resolves the labels once for each status, so that an observation is one lookup in a small map. */
function routeTimer(options: { service: string; metrics: Metrics }, method: string, route: string) {
  const byStatus = new Map<number, (seconds: number) => void>();
  return (status: number, elapsedMs: number): void => {
    let observe = byStatus.get(status);
    if (observe === undefined) {
      const child = options.metrics.httpDuration.labels(options.service, method, route, String(status));
      observe = (seconds) => child.observe(seconds);
      byStatus.set(status, observe);
    }
    observe(elapsedMs / 1000);
  };
}
