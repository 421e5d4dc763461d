import type { ServiceApp } from "@gridlake/service-kit";
import { Type } from "typebox";
import type { LiveHub } from "./hub.ts";

const HEAD = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  // proxies that gather answers would hold the events back
  "x-accel-buffering": "no",
};

/** `GET /api/telemetry/live/{model}`: a model's changes as server-sent events. */
export function liveRoutes(app: ServiceApp, hub: () => LiveHub): void {
  app.get(
    "/api/telemetry/live/:model",
    {
      config: { access: "authenticated" },
      schema: {
        operationId: "streamLive",
        summary: "Streams the changes of a model's table as server-sent events",
        description:
          "Events: `ready` once, `delta` {sequence, upserts, deletes} after each micro-batch, `reset` when deltas were missed and the table has to be loaded anew. Each id is a sequence; Last-Event-ID resumes after it.",
        params: Type.Object({ model: Type.String({ maxLength: 128, examples: ["ads_feeder_load_minute"] }) }),
        querystring: Type.Object({
          feeder: Type.Optional(Type.String({ maxLength: 64, description: "rows of this feeder alone" })),
        }),
        headers: Type.Object({
          "last-event-id": Type.Optional(
            Type.String({ pattern: "^[0-9]{0,15}$", description: "the last sequence seen" }),
          ),
        }),
        response: {
          200: {
            description: "An endless stream of events",
            content: {
              "text/event-stream": {
                schema: {
                  type: "string",
                  examples: ['id: 7\nevent: delta\ndata: {"sequence":7,"upserts":[],"deletes":[]}\n\n'],
                },
              },
            },
          },
          404: { description: "no such live model", $ref: "ErrorBody#" },
          503: { description: "too many streams are open", $ref: "ErrorBody#" },
        },
      },
    },
    (request, reply) => {
      const { model } = request.params;
      const { feeder } = request.query;
      const seen = request.headers["last-event-id"];
      hub().admit(model);
      reply.hijack();
      reply.raw.writeHead(200, HEAD);
      reply.raw.flushHeaders();
      hub().join(reply.raw, {
        model,
        filter: feeder === undefined ? {} : { feeder },
        seen: seen === undefined || seen === "" ? null : Number(seen),
      });
    },
  );
}
