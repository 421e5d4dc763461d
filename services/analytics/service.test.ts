import { ROLES } from "@gridlake/contracts";
import { describeService } from "@gridlake/service-kit";
import { beforeAll, describe, expect, it } from "vitest";
import { serviceOver } from "./analytics.fixture.ts";
import { Grid, gridOfFour } from "./grid.fixture.ts";
import { NewestEvent } from "./newest-event.ts";
import { analytics } from "./service.ts";

const ROUTES = [
  "load-curve",
  "consumption",
  "top-consumers",
  "devices",
  "feeders",
  "summary",
  "pipeline",
  "quarantine",
  "quarantine/devices/3/1",
];

describe("the service", () => {
  let grid: Grid;
  let api: Awaited<ReturnType<typeof serviceOver>>;
  beforeAll(async () => {
    grid = await gridOfFour();
    api = await serviceOver(grid);
  });

  it("sums the key figures", async () => {
    expect((await api.get("summary")).body).toEqual({
      devices: 4,
      feeders: 2,
      readings: 3 * 121 + 1,
      quarantined: 2,
      newestEventAt: "2013-10-14T12:00:00Z",
      load: { activePowerW: 960, windowStart: "2013-10-14T12:00:00Z" },
      energy: { energyWh: 3 * 1200, day: "2013-10-14" },
      timeZone: "UTC",
      sequence: grid.sequence,
    });
  });

  it("holds to the minute before while the newest one is still filling", async () => {
    const other = await gridOfFour();
    await other.run(
      "INSERT INTO dwd_reading VALUES ('M1', '2013-10-14T12:01:00Z', 121, 2210, 7, 230, 1, now())",
    );
    await other.run("INSERT INTO ads_load_feeder_minute VALUES ('F1', '2013-10-14T12:01:00Z', 7, 1)");
    const { body } = await (await serviceOver(other)).get("summary");
    expect(body.newestEventAt).toBe("2013-10-14T12:01:00Z");
    expect(body.load).toEqual({ activePowerW: 960, windowStart: "2013-10-14T12:00:00Z" });
  });

  it("sums consumption by device, by feeder and over all, on each level", async () => {
    const energy = async (query: string) =>
      (await api.get(`consumption?${query}`)).body.points.map((p: { energyWh: number }) => p.energyWh);
    expect(await energy("level=day")).toEqual([3600]);
    expect(await energy("level=day&feeder=F1")).toEqual([2400]);
    expect(await energy("level=hour&device=M1&from=2013-10-14T10:00:00Z&to=2013-10-14T11:00:00Z")).toEqual([
      590,
    ]);
    expect(await energy("level=15min&device=M1&from=2013-10-14T10:00:00Z&to=2013-10-14T10:30:00Z")).toEqual([
      140, 140,
    ]);
    expect((await api.get("consumption?device=M9")).body.error.code).toBe("ANALYTICS_DEVICE_UNKNOWN");
  });

  it("ranks the newest day's consumers, and a day's on request", async () => {
    const { body } = await api.get("top-consumers?limit=2");
    expect(body).toEqual({
      day: "2013-10-14",
      timeZone: "UTC",
      consumers: [
        { rank: 1, device: "M1", name: "Mill", feeder: "F1", energyWh: 1200 },
        { rank: 2, device: "M2", name: null, feeder: "F1", energyWh: 1200 },
      ],
    });
    expect((await api.get("top-consumers?day=2012-01-01")).body).toMatchObject({
      day: "2012-01-01",
      consumers: [],
    });
    expect((await api.get("top-consumers?limit=11")).status).toBe(400);
  });

  it("counts days in the grid's time zone", async () => {
    const other = await gridOfFour();
    // the models' day in Shanghai: it began at 16:00 UTC
    await other.run("UPDATE dws_energy_day SET window_start = timestamptz '2013-10-13T16:00:00Z'");
    await other.run("UPDATE ads_top_consumer SET window_start = timestamptz '2013-10-13T16:00:00Z'");
    const shanghai = await serviceOver(other, "viewer", "Asia/Shanghai");
    const { energy, timeZone } = (await shanghai.get("summary")).body;
    expect([energy, timeZone]).toEqual([{ energyWh: 3600, day: "2013-10-14" }, "Asia/Shanghai"]);
    expect((await shanghai.get("top-consumers?day=2013-10-14")).body.consumers).toHaveLength(3);
    expect((await shanghai.get("devices?q=M1")).body).toMatchObject({
      energyDay: "2013-10-14",
      devices: [{ energyWh: 1200 }],
    });
    const { body } = await shanghai.get("consumption?level=day");
    expect(body.to).toBe("2013-10-14T16:00:00Z");
    expect(body.points).toMatchObject([{ windowStart: "2013-10-13T16:00:00Z", energyWh: 3600 }]);
    const kolkata = await serviceOver(other, "viewer", "Asia/Kolkata");
    const hours = (
      await kolkata.get("load-curve?step=hour&from=2013-10-14T10:30:00Z&to=2013-10-14T11:30:00Z")
    ).body;
    expect(hours.series[0].points).toMatchObject([{ windowStart: "2013-10-14T10:30:00Z" }]);
  });

  it("lists feeders with the number of their devices", async () => {
    expect((await api.get("feeders")).body).toMatchObject({
      total: 2,
      feeders: [
        { feeder: "F1", name: "North", station: "S1", region: "R1", devices: 2 },
        { feeder: "F2", name: null, devices: 2 },
      ],
    });
  });

  it("shows the quarantine, newest first, long lines cut", async () => {
    const { body } = await api.get("quarantine");
    expect(body.total).toBe(2);
    expect(body.lines[0]).toMatchObject({ topicOffset: 9, reason: "MALFORMED_JSON", device: null });
    expect(body.lines[0].raw).toHaveLength(2000);
    expect((await api.get("quarantine?reason=WRONG_TYPE")).body.lines).toMatchObject([
      { topicOffset: 7, line: 2 },
    ]);
  });

  it("shows a refused line whole, with what was decided about it", async () => {
    expect((await api.get("quarantine?topic=devices")).body.total).toBe(0);
    expect((await api.get("quarantine/devices/3/1")).body).toEqual({
      topic: "devices",
      topicOffset: 3,
      line: 1,
      receivedAt: "2013-10-14T10:00:00Z",
      reason: "WRONG_TYPE",
      device: "M1",
      raw: '{"device":7}',
      resolution: {
        action: "replayed",
        replacement: '{"device":"M7"}',
        resolvedBy: "ann",
        resolvedAt: "2013-10-14T10:05:00Z",
        note: null,
      },
    });
    const { body } = await api.get("quarantine/readings/9/1");
    expect(body).toMatchObject({ reason: "MALFORMED_JSON", resolution: null });
    expect(body.raw).toHaveLength(3000);
    expect((await api.get("quarantine/readings/9/2")).status).toBe(404);
  });

  it("passes the pipeline's state on, with what is in quarantine", async () => {
    expect((await api.get("pipeline")).body).toEqual({
      ...grid.state(),
      quarantine: [
        { topic: "readings", reason: "MALFORMED_JSON", lines: 1 },
        { topic: "readings", reason: "WRONG_TYPE", lines: 1 },
      ],
    });
  });

  it("answers on an empty lake", async () => {
    const empty = await serviceOver(await Grid.empty());
    for (const route of ROUTES.filter((path) => !path.startsWith("quarantine/")))
      expect((await empty.get(route)).status, route).toBe(200);
    expect(await empty.get("quarantine/devices/3/1")).toMatchObject({
      status: 404,
      body: { error: { code: "ANALYTICS_LINE_UNKNOWN" } },
    });
    expect((await empty.get("summary")).body).toMatchObject({
      readings: 0,
      newestEventAt: null,
      load: null,
      energy: null,
    });
  });

  it.each(ROLES)("lets a %s read everything, and nobody without a session", async (role) => {
    const as = await serviceOver(grid, role);
    for (const route of ROUTES) {
      expect((await as.get(route)).status, route).toBe(200);
      expect((await as.get(route, {})).status, route).toBe(401);
    }
  });

  it("describes every route and every number's meaning", async () => {
    const document = await describeService(analytics);
    expect(Object.keys(document.paths).sort()).toEqual(
      ROUTES.map((route) =>
        route.startsWith("quarantine/")
          ? "/api/analytics/quarantine/{topic}/{topicOffset}/{line}"
          : `/api/analytics/${route}`,
      ).sort(),
    );
    const text = JSON.stringify(document);
    for (const unit of ["in W", "in V", "in A", "in Wh", "inclusive", "exclusive"])
      expect(text).toContain(unit);
  });
});

describe("NewestEvent", () => {
  it("is asked once for each micro-batch, and never older than it", async () => {
    const grid = await gridOfFour();
    const newest = new NewestEvent(grid, grid);
    const before = grid.asked.length;
    await Promise.all([newest.ms(), newest.ms(), newest.ms()]);
    expect(grid.asked.length - before).toBe(2);
    await grid.run(
      "INSERT INTO dwd_reading VALUES ('M1', '2013-10-14T13:00:00Z', 200, 5000, 1, 1, 1, now())",
    );
    expect(await newest.ms()).toBe(Date.parse("2013-10-14T13:00:00Z"));
  });

  it("asks again after a failure", async () => {
    const grid = await gridOfFour();
    const failing = { ...grid, rows: () => Promise.reject(new Error("busy")) };
    let serving: { rows: Grid["rows"] } = failing;
    const newest = new NewestEvent({ rows: (sql, params) => serving.rows(sql, params) }, grid);
    await expect(newest.ms()).rejects.toThrow("busy");
    serving = grid;
    expect(await newest.ms()).toBe(Date.parse("2013-10-14T12:00:00Z"));
  });
});
