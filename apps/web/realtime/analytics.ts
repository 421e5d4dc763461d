import { get, type Answer } from "../api/platform.ts";
import type { Range } from "./changed-range.ts";
import { TOTAL, type CurveAnswer } from "./load-feed.ts";
import type { Minute } from "./minutes.ts";

export type Summary = Answer<"/api/analytics/summary">;
export type TopConsumers = Answer<"/api/analytics/top-consumers">;
export type PipelineState = Answer<"/api/analytics/pipeline">;
export type Feeder = Answer<"/api/analytics/feeders">["feeders"][number];

export function fetchSummary(signal: AbortSignal): Promise<Summary> {
  return get("/api/analytics/summary", { signal });
}

export function fetchTopConsumers(signal: AbortSignal): Promise<TopConsumers> {
  return get("/api/analytics/top-consumers", { signal });
}

export function fetchPipeline(signal: AbortSignal): Promise<PipelineState> {
  return get("/api/analytics/pipeline", { signal });
}

export async function fetchFeeders(signal: AbortSignal): Promise<Feeder[]> {
  return (await get("/api/analytics/feeders", { signal })).feeders;
}

/** The minutes of each feeder, or with none of all feeders summed; see LoadFeed. */
export async function fetchCurves(
  feeders: readonly string[],
  range: Range | null,
  signal: AbortSignal,
): Promise<CurveAnswer> {
  const interval =
    range === null
      ? {}
      : { from: new Date(range.fromMs).toISOString(), to: new Date(range.toMs).toISOString() };
  const answer = await get("/api/analytics/load-curve", {
    signal,
    query: { step: "minute", ...(feeders.length === 0 ? {} : { feeder: [...feeders] }), ...interval },
  });
  const curves = answer.series.map(({ feeder, points }): [string, Minute[]] => [
    feeder ?? TOTAL,
    points.map((point) => ({
      atMs: Date.parse(point.windowStart),
      powerW: point.activePowerW,
      devices: point.devices,
    })),
  ]);
  return { toMs: answer.to === null ? null : Date.parse(answer.to), curves: new Map(curves) };
}

/** Where the changes of the feeder-minute loads are streamed. */
export const LIVE_LOAD_URL = "/api/telemetry/live/ads_load_feeder_minute";
