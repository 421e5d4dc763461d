import { beforeAll, describe, expect, it } from "vitest";
import { serviceOver } from "./analytics.fixture.ts";
import { Grid, gridOfFour } from "./grid.fixture.ts";

describe("load-curve", () => {
  let grid: Grid;
  let api: Awaited<ReturnType<typeof serviceOver>>;
  beforeAll(async () => {
    grid = await gridOfFour();
    api = await serviceOver(grid);
  });

  it("gives the last 24 h of data by default, however old the data is", async () => {
    const { status, body } = await api.get("load-curve");
    expect(status).toBe(200);
    expect(body).toMatchObject({ step: "minute", from: "2013-10-13T12:01:00Z", to: "2013-10-14T12:01:00Z" });
    expect(body.series).toHaveLength(1);
    expect(body.series[0].feeder).toBeNull();
    // M4 at 08:00, then 121 minutes of M1 + M2 + M3
    expect(body.series[0].points).toHaveLength(122);
    expect(body.series[0].points.at(-1)).toEqual({
      windowStart: "2013-10-14T12:00:00Z",
      activePowerW: 100 + 200 + 300 + 3 * 120,
      peakPowerW: 960,
      devices: 3,
    });
  });

  it("gives one series for each feeder, in the order asked", async () => {
    const { body } = await api.get(
      "load-curve?feeder=F2&feeder=F1&from=2013-10-14T10:00:00Z&to=2013-10-14T10:02:00Z",
    );
    expect(body.series.map((s: { feeder: string }) => s.feeder)).toEqual(["F2", "F1"]);
    expect(body.series[1].points.map((p: { activePowerW: number }) => p.activePowerW)).toEqual([300, 302]);
    expect(body.series[0].points.map((p: { activePowerW: number }) => p.activePowerW)).toEqual([300, 301]);
  });

  it("means the minutes of a step after summing the feeders, and keeps the peak", async () => {
    const { body } = await api.get("load-curve?step=15min&from=2013-10-14T10:00:00Z&to=2013-10-14T10:15:00Z");
    expect(body.series[0].points).toEqual([
      {
        windowStart: "2013-10-14T10:00:00Z",
        activePowerW: 600 + 3 * 7,
        peakPowerW: 600 + 3 * 14,
        devices: 3,
      },
    ]);
  });

  it("reads [from, to), widened to whole steps", async () => {
    const { body } = await api.get("load-curve?from=2013-10-14T10:00:30Z&to=2013-10-14T10:02:00Z");
    expect(body.from).toBe("2013-10-14T10:00:00Z");
    expect(body.series[0].points.map((p: { windowStart: string }) => p.windowStart)).toEqual([
      "2013-10-14T10:00:00Z",
      "2013-10-14T10:01:00Z",
    ]);
  });

  it.each([
    ["from=2013-01-01T00:00:00Z&to=2013-12-31T00:00:00Z", "ANALYTICS_TOO_MANY_POINTS"],
    ["from=2013-10-15T00:00:00Z&to=2013-10-14T00:00:00Z", "ANALYTICS_INTERVAL_EMPTY"],
    ["from=yesterday", "REQUEST_INVALID"],
    ["step=second", "REQUEST_INVALID"],
  ])("refuses %s", async (query, code) => {
    const { status, body } = await api.get(`load-curve?${query}`);
    expect([status, body.error.code]).toEqual([400, code]);
    expect(body.error.remedy).toBeTruthy();
  });

  it("names a coarser step that fits", async () => {
    const { body } = await api.get("load-curve?from=2013-10-01T00:00:00Z&to=2013-10-14T00:00:00Z");
    expect(body.error.remedy).toContain("steps of 15min");
  });

  it("tells an unknown feeder from one without data", async () => {
    const unknown = await api.get("load-curve?feeder=F9");
    expect([unknown.status, unknown.body.error.code]).toEqual([404, "ANALYTICS_FEEDER_UNKNOWN"]);
    const silent = await api.get("load-curve?feeder=F1&from=2012-01-01T00:00:00Z&to=2012-01-02T00:00:00Z");
    expect(silent.body.series).toEqual([{ feeder: "F1", points: [] }]);
  });

  it("takes a name as a value, whatever is in it", async () => {
    const { status } = await api.get(`load-curve?feeder=${encodeURIComponent("F1' OR 1=1 --")}`);
    expect(status).toBe(404);
  });

  it("has no interval before the first reading", async () => {
    const { body } = await (await serviceOver(await Grid.empty())).get("load-curve");
    expect(body).toEqual({ step: "minute", from: null, to: null, series: [{ feeder: null, points: [] }] });
  });
});
