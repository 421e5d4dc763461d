import type { PipelineWatch, Serving } from "@gridlake/pipeline";
import type { GridZone } from "./grid-zone.ts";
import type { NewestEvent } from "./newest-event.ts";
import type { QuarantineCounts } from "./quarantine-counts.ts";

/** What the platform gives the service. */
export interface AnalyticsDeps {
  serving: Serving;
  watch: PipelineWatch;
  /** The grid's time zone, an IANA name: where the models' days begin. It has to be the pipeline's. @default "UTC" */
  timeZone?: string;
}

/** What its routes work with. */
export interface AnalyticsPorts extends AnalyticsDeps {
  newest: NewestEvent;
  quarantined: QuarantineCounts;
  zone: GridZone;
}
