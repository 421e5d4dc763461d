import type { ServiceApp } from "@gridlake/service-kit";
import { Type } from "typebox";
import type { AnalyticsPorts } from "./deps.ts";
import { instantSchema } from "./instant.ts";

const State = Type.Object({
  status: Type.Union([
    Type.Literal("starting"),
    Type.Literal("running"),
    Type.Literal("failed"),
    Type.Literal("stopped"),
  ]),
  sequence: Type.Integer({ description: "the last committed micro-batch" }),
  topics: Type.Array(
    Type.Object({
      topic: Type.String(),
      next: Type.Integer({ description: "offset of the record that is taken in next" }),
      end: Type.Integer({
        description: "offset that the topic's next record will get; end - next records wait",
      }),
    }),
  ),
  checkpoint: Type.Object({
    number: Type.Integer({ description: "0 before the first" }),
    sequence: Type.Integer({ description: "the last micro-batch it holds" }),
    completedAt: Type.Union([instantSchema("when the lake had it"), Type.Null()]),
  }),
  models: Type.Array(
    Type.Object({
      name: Type.String(),
      layer: Type.String(),
      rowsIn: Type.Integer({ description: "rows taken in" }),
      rowsOut: Type.Integer({ description: "rows written" }),
      checkpoint: Type.Integer({ description: "of the last completed checkpoint; 0 before the first" }),
    }),
  ),
  linesPerSecond: Type.Number({ description: "lines taken in a second, over the last ten seconds" }),
  error: Type.Union([Type.Object({ code: Type.String(), message: Type.String() }), Type.Null()], {
    description: "what stopped it, when its status is failed",
  }),
});

export function pipelineStateRoute(app: ServiceApp, ports: AnalyticsPorts): void {
  app.get(
    "/api/analytics/pipeline",
    {
      config: { access: "authenticated" },
      schema: {
        operationId: "pipelineState",
        summary: "How far the pipeline is, and whether it runs",
        response: { 200: State },
      },
    },
    () => {
      const state = ports.watch.state();
      return { ...state, topics: [...state.topics], models: [...state.models] };
    },
  );
}
