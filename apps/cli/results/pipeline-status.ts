import type { AnalyticsPaths } from "@gridlake/contracts";
import Table from "cli-table3";

export type PipelineState =
  AnalyticsPaths["/api/analytics/pipeline"]["get"]["responses"][200]["content"]["application/json"];

/** For people: a few lines, then a table each of topics and models. */
export function statusText(state: PipelineState, nowMs: number): string {
  const { checkpoint, error } = state;
  const lines = [
    `${state.status}, micro-batch ${state.sequence}, ${Math.round(state.linesPerSecond)} lines/s`,
    `checkpoint ${checkpoint.number} of micro-batch ${checkpoint.sequence}${age(checkpoint.completedAt, nowMs)}${took(checkpoint.durationMs)}, ${checkpoint.failures} failed`,
    ...(error === null ? [] : [`${error.code}: ${error.message}`]),
    ...state.models.flatMap(versionText),
    ...state.tests.filter(({ status }) => status !== "pass").map(testText),
    `${state.tests.filter(({ status }) => status === "pass").length} of ${state.tests.length} tests pass`,
  ];
  return `${lines.join("\n")}\n${topics(state)}\n${models(state, nowMs)}\n${quarantine(state)}`;
}

function topics(state: PipelineState): string {
  const table = tableOf(["topic", "waiting", "lag"], ["left", "right", "right"]);
  for (const { topic, next, end, lagMs } of state.topics)
    table.push([topic, end - next, lagMs === null ? "unknown" : span(lagMs)]);
  return table.toString();
}

function models(state: PipelineState, nowMs: number): string {
  const head = ["model", "rows in", "written", "replaced", "checkpoint", "changed", "promise"];
  const table = tableOf(head, ["left", "right", "right", "right", "right", "right", "left"]);
  for (const { name, rowsIn, rowsOut, rowsReplaced, checkpoint, freshness } of state.models) {
    const { changedAt, promisedMs, isStale } = freshness;
    const changed = changedAt === null ? "" : `${span(nowMs - Date.parse(changedAt))} ago`;
    const promise = promisedMs === null ? "" : `${span(promisedMs)}${isStale ? ", stale" : ""}`;
    table.push([name, rowsIn, rowsOut, rowsReplaced, checkpoint, changed, promise]);
  }
  return table.toString();
}

function quarantine({ quarantine: lines }: PipelineState): string {
  if (lines.length === 0) return "nothing in quarantine\n";
  const table = tableOf(["quarantine of", "reason", "lines"], ["left", "left", "right"]);
  for (const { topic, reason, lines: count } of lines) table.push([topic, reason, count]);
  return `${table.toString()}\n`;
}

/** Of a changed model, while its table is of an earlier version. */
function versionText({ name, version }: PipelineState["models"][number]): string[] {
  const { status, asOf, building } = version;
  if (status === "current") return [];
  const done =
    building === null ? "" : `, ${building.partsDone} of ${building.parts} parts, ${building.rows} rows`;
  const shown = asOf === null ? "not there yet" : `shown as of micro-batch ${asOf}`;
  return [`new version of ${name} ${status}${done}; ${shown}`];
}

function testText({ status, name, failures, error }: PipelineState["tests"][number]): string {
  const what = error === null ? `${failures} rows break it` : `${error.code}: ${error.message}`;
  return `${status.toUpperCase()} ${name}: ${what}`;
}

function tableOf(head: string[], colAligns: ("left" | "right")[]): Table.Table {
  return new Table({ head, colAligns, style: { head: [], border: [] } });
}

function age(completedAt: string | null, nowMs: number): string {
  return completedAt === null ? ", none since the start" : `, ${span(nowMs - Date.parse(completedAt))} ago`;
}

function took(durationMs: number | null): string {
  return durationMs === null ? "" : `, took ${span(durationMs)}`;
}

/** 950 → "950 ms", 61000 → "61.0 s", 7200000 → "120 min". */
function span(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  return ms < 120_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}
