/** A figure split into its text and its unit, so that the two can be set differently. */
export interface Figure {
  text: string;
  unit: string;
}

const POWER_UNITS = ["W", "kW", "MW", "GW"] as const;
const ENERGY_UNITS = ["Wh", "kWh", "MWh", "GWh", "TWh"] as const;
const STEP = 1_000;
const SIGNIFICANT_DIGITS = 4;

/** The power of 1000 at which `value` has 1 to 3 digits before the point, once rounded. */
function scaleOf(value: number, units: readonly string[]): number {
  let scale = 0;
  while (
    scale < units.length - 1 &&
    // 999.96 kW rounds to 1000 kW, which is 1 MW
    Number((Math.abs(value) / STEP ** scale).toPrecision(SIGNIFICANT_DIGITS)) >= STEP
  ) {
    scale += 1;
  }
  return scale;
}

function scaled(value: number, locale: string, units: readonly string[]): Figure {
  const scale = scaleOf(value, units);
  // the base unit is what was measured: its fractions are noise on a screen
  const digits =
    scale === 0
      ? { maximumFractionDigits: 0 }
      : { minimumSignificantDigits: SIGNIFICANT_DIGITS, maximumSignificantDigits: SIGNIFICANT_DIGITS };
  return {
    text: new Intl.NumberFormat(locale, digits).format(value / STEP ** scale),
    unit: units[scale] ?? "",
  };
}

/** 1234567 W → 1.235 MW. Four digits, so that a figure keeps its width while it moves. */
export function powerFigure(powerW: number, locale: string): Figure {
  return scaled(powerW, locale, POWER_UNITS);
}

/** 1234567 Wh → 1.235 MWh. */
export function energyFigure(energyWh: number, locale: string): Figure {
  return scaled(energyWh, locale, ENERGY_UNITS);
}

/** The unit and the tick texts of an axis: one unit for all ticks, that of the largest value. */
export function powerAxis(maxPowerW: number, locale: string): { unit: string; tick(powerW: number): string } {
  const scale = scaleOf(maxPowerW, POWER_UNITS);
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  return { unit: POWER_UNITS[scale] ?? "W", tick: (powerW) => format.format(powerW / STEP ** scale) };
}

/** 1234567 → 1,234,567. */
export function countText(count: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(count);
}

/** 230.15 V → 230.2 V; null → an en dash. */
export function voltageText(voltageV: number | null, locale: string): string {
  if (voltageV === null) return "–";
  return `${new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(voltageV)}\u00a0V`;
}

/** The figure as one text, with a space that does not break; null → an en dash. */
export function figureText(figure: Figure | null): string {
  return figure === null ? "–" : `${figure.text}\u00a0${figure.unit}`;
}
