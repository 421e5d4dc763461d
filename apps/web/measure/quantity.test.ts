import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countText, energyFigure, figureText, powerAxis, powerFigure, voltageText } from "./quantity.ts";

describe("powerFigure", () => {
  it.each([
    [0, "0", "W"],
    [0.4, "0", "W"],
    [999.4, "999", "W"],
    [999.6, "1,000", "W"],
    [1_000, "1.000", "kW"],
    [999_949, "999.9", "kW"],
    [999_960, "1.000", "MW"],
    [1_234_567, "1.235", "MW"],
    [-2_500, "-2.500", "kW"],
    [3.2e12, "3,200", "GW"],
  ])("%d W → %s %s", (powerW, text, unit) => {
    expect(powerFigure(powerW, "en")).toEqual({ text, unit });
  });

  it("never leaves four digits before the point but in its largest unit and in whole watts", () => {
    fc.assert(
      fc.property(fc.double({ min: 1_000, max: 9.9e11, noNaN: true }), (powerW) => {
        expect(powerFigure(powerW, "en").text).toMatch(/^\d{1,3}(\.\d+)?$/);
      }),
    );
  });
});

describe("the other figures", () => {
  it("energy goes up to TWh", () => {
    expect(energyFigure(15_400, "en")).toEqual({ text: "15.40", unit: "kWh" });
    expect(energyFigure(2e12, "zh-CN")).toEqual({ text: "2.000", unit: "TWh" });
  });

  it("counts are grouped", () => {
    expect(countText(1_234_567, "zh-CN")).toBe("1,234,567");
  });

  it("what was not measured is a dash", () => {
    expect(voltageText(null, "en")).toBe("–");
    expect(voltageText(230.15, "en")).toMatch(/^230\.[12]\u00a0V$/);
    expect(figureText(null)).toBe("–");
    expect(figureText({ text: "1.235", unit: "MW" })).toBe("1.235\u00a0MW");
  });
});

describe("powerAxis", () => {
  it("has one unit for all its ticks, that of its largest value", () => {
    const axis = powerAxis(2_400_000, "en");
    expect(axis.unit).toBe("MW");
    expect([0, 500_000, 2_500_000].map(axis.tick)).toEqual(["0", "0.5", "2.5"]);
  });
});
