export type {
  LiveDelta,
  LiveFeed,
  ModelState,
  PipelineState,
  PipelineWatch,
  Row,
  Serving,
  Value,
} from "./ports.ts";
