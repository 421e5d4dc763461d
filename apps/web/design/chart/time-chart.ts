import type { ComposeOption } from "echarts/core";
import type { LineSeriesOption } from "echarts/charts";
import type { GridComponentOption, TooltipComponentOption } from "echarts/components";
import { DAY_MS, HOUR_MS } from "@gridlake/kernel/units.ts";
import type { ChartTheme } from "./chart-theme.ts";

export type TimeChartOption = ComposeOption<LineSeriesOption | GridComponentOption | TooltipComponentOption>;

/** One line: [ms since the epoch, value], a null where it breaks. */
export interface TimeSeries {
  name: string;
  points: readonly (readonly [number, number | null])[];
}

export interface TimeChart {
  series: readonly TimeSeries[];
  /** What is in sight: [fromMs, toMs]. */
  sight: { fromMs: number; toMs: number };
  arrangement: "lines" | "stacked";
  /** The unit over the value axis, and the text of a tick. */
  axis: { unit: string; tick(value: number): string };
  timeTick(atMs: number): string;
  dayTick(atMs: number): string;
  /**
   * What is shown beside the pointer at an instant; `colors` are those of the series. An element, not a text: markup
   * with styles in it is barred by the CSP. It looks the values up itself: of thinned lines, each has other points.
   */
  tooltip(atMs: number, colors: readonly string[]): HTMLElement;
}

const FILL_OPACITY = { single: 0.14, stacked: 0.32 };
const TICK_STEPS_MS = [HOUR_MS / 12, HOUR_MS / 6, HOUR_MS / 2, HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, DAY_MS];

/** Distance of the ticks so that about `count` fit. */
export function tickStepMs(spanMs: number, count: number): number {
  return TICK_STEPS_MS.find((stepMs) => spanMs / stepMs <= count) ?? DAY_MS;
}

/** The parts of the option that follow the data. */
export function dataOption(chart: TimeChart): TimeChartOption {
  const spanMs = chart.sight.toMs - chart.sight.fromMs;
  return {
    xAxis: {
      min: chart.sight.fromMs,
      max: chart.sight.toMs,
      minInterval: tickStepMs(spanMs, 12),
      maxInterval: tickStepMs(spanMs, 9),
    },
    yAxis: { name: chart.axis.unit, axisLabel: { formatter: chart.axis.tick } },
    series: chart.series.map(({ name, points }) => ({
      id: name,
      type: "line" as const,
      data: points as [number, number | null][],
    })),
  };
}

/** The whole option: colours of the theme, shape of the axes, one line for each series. */
export function fullOption(chart: TimeChart, theme: ChartTheme): TimeChartOption {
  const data = dataOption(chart);
  const stacked = chart.arrangement === "stacked" && chart.series.length > 1;
  const quiet = { color: theme.inkQuiet, fontFamily: theme.font, fontSize: 11 };
  return {
    animation: false,
    useUTC: false,
    textStyle: { fontFamily: theme.font },
    grid: { left: 52, right: 18, top: 30, bottom: 28, outerBoundsMode: "none" },
    xAxis: {
      type: "time",
      ...(data.xAxis as object),
      axisLine: { lineStyle: { color: theme.lineStrong } },
      axisTick: { lineStyle: { color: theme.lineStrong } },
      axisLabel: {
        ...quiet,
        hideOverlap: true,
        formatter: (atMs: number) =>
          startsDay(atMs) ? `{day|${chart.dayTick(atMs)}}` : chart.timeTick(atMs),
        rich: { day: { ...quiet, color: theme.ink, fontWeight: 600 } },
      },
      splitLine: { show: true, lineStyle: { color: theme.line, type: [2, 4] } },
    },
    yAxis: {
      type: "value",
      name: chart.axis.unit,
      nameTextStyle: { ...quiet, align: "right", padding: [0, 6, 0, 0] },
      nameGap: 12,
      splitNumber: 4,
      axisLabel: { ...quiet, formatter: chart.axis.tick },
      splitLine: { lineStyle: { color: theme.line } },
    },
    tooltip: {
      trigger: "axis",
      transitionDuration: 0,
      confine: true,
      backgroundColor: theme.surface,
      borderColor: theme.lineStrong,
      borderWidth: 1,
      padding: 0,
      extraCssText: "border-radius:2px;box-shadow:none;",
      axisPointer: { type: "line", lineStyle: { color: theme.inkQuiet, type: "solid", width: 1 } },
      formatter: (params) => {
        const [hit] = Array.isArray(params) ? params : [params];
        return chart.tooltip((hit?.value as [number, number] | undefined)?.[0] ?? 0, theme.series);
      },
    },
    series: chart.series.map(({ name, points }, index) => {
      const color = theme.series[index % theme.series.length] ?? theme.ink;
      return {
        id: name,
        name,
        type: "line",
        data: points as [number, number | null][],
        showSymbol: points.length === 1,
        symbol: "rect",
        symbolSize: 5,
        // a stack is summed before it is thinned, and each line would be thinned at other points
        ...(stacked ? { stack: "load" } : { sampling: "lttb" as const }),
        lineStyle: { color, width: stacked ? 1 : 1.6 },
        itemStyle: { color },
        ...(stacked || chart.series.length === 1
          ? { areaStyle: { color, opacity: stacked ? FILL_OPACITY.stacked : FILL_OPACITY.single } }
          : {}),
        emphasis: { disabled: true },
      } satisfies LineSeriesOption;
    }),
  };
}

function startsDay(atMs: number): boolean {
  const at = new Date(atMs);
  return at.getHours() === 0 && at.getMinutes() === 0;
}
