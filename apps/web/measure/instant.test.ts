import { describe, expect, it } from "vitest";
import { calendarDayText, clockText, instantText, spanText, zoneOffsetText } from "./instant.ts";

const AT_MS = Date.parse("2013-10-14T23:30:15Z");

describe("instants", () => {
  it("are written in the viewer's zone and language", () => {
    expect(instantText(AT_MS, { locale: "en-GB", timeZone: "Asia/Shanghai" })).toBe("15 Oct 2013, 07:30");
    expect(instantText(AT_MS, { locale: "zh-CN", timeZone: "UTC" }, "second")).toBe(
      "2013年10月14日 23:30:15",
    );
  });

  it("begin the day at 00, never at 24", () => {
    expect(clockText(Date.parse("2013-10-14T00:05:00Z"), { locale: "en", timeZone: "UTC" })).toBe("00:05");
  });

  it("know the zone's offset at that instant", () => {
    expect(zoneOffsetText(AT_MS, "Europe/London")).toBe("UTC+01:00");
    expect(zoneOffsetText(Date.parse("2013-12-14T00:00:00Z"), "Europe/London")).toBe("UTC+00:00");
    expect(zoneOffsetText(AT_MS, "Asia/Kolkata")).toBe("UTC+05:30");
  });

  it("keep a calendar day the same day everywhere", () => {
    expect(calendarDayText("2013-10-14", "en-GB")).toBe("14 Oct 2013");
  });
});

describe("spanText", () => {
  it.each([
    [4_900, "4 sec"],
    [61_000, "1 min"],
    [3_599_999, "59 min"],
    [47 * 3_600_000, "47 hr"],
    [49 * 3_600_000, "2 days"],
    [800 * 86_400_000, "2 yrs"],
  ])("%d ms → %s", (spanMs, text) => {
    expect(spanText(spanMs, "en")).toBe(text);
  });

  it("speaks Chinese", () => {
    expect(spanText(61_000, "zh-CN")).toBe("1分钟");
  });
});
