import type { ServiceApp } from "@gridlake/service-kit";
import { type TSchema, Type } from "typebox";
import type { AnalyticsPorts } from "./deps.ts";
import { instantSchema } from "./instant.ts";

const nullable = <T extends TSchema>(schema: T, options: { description?: string } = {}) =>
  Type.Union([schema, Type.Null()], options);
const Failure = Type.Object({ code: Type.String(), message: Type.String() });

const Topic = Type.Object({
  topic: Type.String(),
  next: Type.Integer({ description: "offset of the record that is taken in next" }),
  end: Type.Integer({
    description: "offset that the topic's next record will get; end - next records wait",
  }),
  lagMs: nullable(Type.Integer(), {
    description: "ms; no record that waits has waited longer. 0 when none waits, null until one was taken in",
  }),
});

const Checkpoint = Type.Object({
  number: Type.Integer({ description: "0 before the first" }),
  sequence: Type.Integer({ description: "the last micro-batch it holds" }),
  completedAt: nullable(instantSchema("when the lake had it")),
  durationMs: nullable(Type.Integer(), { description: "ms that the last one took" }),
  failures: Type.Integer({ description: "checkpoints that failed since the start" }),
  error: nullable(Failure, { description: "why the last one failed, if it did" }),
});

const Model = Type.Object({
  name: Type.String(),
  layer: Type.String(),
  rowsIn: Type.Integer({ description: "rows taken in" }),
  rowsOut: Type.Integer({ description: "rows written" }),
  rowsReplaced: Type.Integer({ description: "rows replaced or taken back since the start" }),
  checkpoint: Type.Integer({ description: "of the last completed checkpoint; 0 before the first" }),
  freshness: Type.Object({
    promisedMs: nullable(Type.Integer(), { description: "ms; the model's own promise, null without one" }),
    changedAt: nullable(instantSchema("when rows were last written; null when not since the start")),
    isStale: nullable(Type.Boolean(), { description: "whether the promise is broken; null without one" }),
  }),
  version: Type.Object(
    {
      status: Type.Union(
        [
          Type.Literal("current"),
          Type.Literal("waiting"),
          Type.Literal("building"),
          Type.Literal("built"),
          Type.Literal("failed"),
        ],
        {
          description:
            "current, or else what becomes of the new version, while the table is of an earlier one or not there yet; " +
            "the new versions of all changed models take their places at once. failed: not before the next start",
        },
      ),
      asOf: nullable(Type.Integer(), {
        description: "the last micro-batch that the earlier version followed; null when there is none",
      }),
      building: nullable(
        Type.Object({
          rows: Type.Integer({ description: "rows of the new version so far" }),
          partsDone: Type.Integer({ description: "parts of its time that are computed" }),
          parts: Type.Integer({ description: "parts in all; then it follows what changed meanwhile" }),
        }),
        { description: "how far the build is, while it is under way" },
      ),
    },
    { description: "which version of the model its table is of" },
  ),
});

const Test = Type.Object({
  name: Type.String(),
  model: nullable(Type.String(), { description: "null for a test that is a file of its own" }),
  kind: Type.String(),
  severity: Type.Enum(["error", "warn"]),
  status: Type.Enum(["pass", "warn", "fail", "error"], { description: "error: it could not be run" }),
  failures: nullable(Type.Integer(), { description: "rows that break it" }),
  error: nullable(Failure),
  checkedAt: instantSchema("when it was last run"),
  durationMs: Type.Integer({ description: "ms" }),
});

const State = Type.Object({
  status: Type.Union([
    Type.Literal("starting"),
    Type.Literal("running"),
    Type.Literal("failed"),
    Type.Literal("stopped"),
  ]),
  sequence: Type.Integer({ description: "the last committed micro-batch" }),
  topics: Type.Array(Topic),
  checkpoint: Checkpoint,
  models: Type.Array(Model),
  tests: Type.Array(Test, { description: "each test of the models that was run since the start" }),
  quarantine: Type.Array(
    Type.Object({ topic: Type.String(), reason: Type.String(), lines: Type.Integer() }),
    { description: "lines that wait for a decision, by topic and reason" },
  ),
  linesPerSecond: Type.Number({ description: "lines taken in a second, over the last ten seconds" }),
  error: nullable(Failure, {
    description: "what stopped it, when its status is failed; else why the last checkpoint failed, if it did",
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
    async () => {
      const quarantine = await ports.quarantined.counts();
      const state = ports.watch.state();
      return {
        ...state,
        topics: [...state.topics],
        models: [...state.models],
        tests: [...state.tests],
        quarantine,
      };
    },
  );
}
