/** The colours and the type of a chart: the page's own, see tokens.css. */
export interface ChartTheme {
  ink: string;
  inkQuiet: string;
  line: string;
  lineStrong: string;
  surface: string;
  font: string;
  series: readonly string[];
}

/** Series colours there are; a chart draws no more lines than that. */
export const MAX_SERIES = 8;

/** @param variable reads a custom property of the page, `--gl-ink` */
export function chartThemeOf(variable: (name: string) => string): ChartTheme {
  return {
    ink: variable("--gl-ink"),
    inkQuiet: variable("--gl-ink-3"),
    line: variable("--gl-line"),
    lineStrong: variable("--gl-line-strong"),
    surface: variable("--gl-surface"),
    font: variable("--gl-font"),
    series: Array.from({ length: MAX_SERIES }, (_, index) => variable(`--gl-series-${index + 1}`)),
  };
}

/** The theme that the page has now. */
export function readChartTheme(): ChartTheme {
  const style = getComputedStyle(document.body);
  return chartThemeOf((name) => style.getPropertyValue(name).trim());
}
