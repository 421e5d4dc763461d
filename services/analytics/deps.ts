import type { PipelineWatch, Serving } from "@gridlake/pipeline";
import type { NewestEvent } from "./newest-event.ts";

/** What the platform gives the service. */
export interface AnalyticsDeps {
  serving: Serving;
  watch: PipelineWatch;
}

/** What its routes work with. */
export interface AnalyticsPorts extends AnalyticsDeps {
  newest: NewestEvent;
}
