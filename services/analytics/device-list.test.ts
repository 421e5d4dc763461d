import { beforeAll, describe, expect, it } from "vitest";
import { serviceOver } from "./analytics.fixture.ts";
import { Grid, gridOfFour } from "./grid.fixture.ts";

type Listed = { device: string; activePowerW: number | null };

describe("devices", () => {
  let grid: Grid;
  let api: Awaited<ReturnType<typeof serviceOver>>;
  const listed = async (query: string): Promise<string[]> =>
    (await api.get(`devices?${query}`)).body.devices.map((d: Listed) => d.device);
  beforeAll(async () => {
    grid = await gridOfFour();
    api = await serviceOver(grid);
  });

  it("shows the last reading and the newest day's energy", async () => {
    const { body } = await api.get("devices");
    expect(body).toMatchObject({ page: 1, pageSize: 20, total: 4, recentSince: "2013-10-14T10:00:00Z" });
    expect(body.devices[0]).toEqual({
      device: "M1",
      name: "Mill",
      feeder: "F1",
      feederName: "North",
      ratedVoltageV: 230,
      lastReadingAt: "2013-10-14T12:00:00Z",
      activePowerW: 220,
      voltageV: 230,
      currentA: 0.5,
      energyWh: 1200,
    });
  });

  it("does not look for a last reading further back than two hours", async () => {
    const { body } = await api.get("devices?q=silent");
    expect(body.devices).toMatchObject([
      { device: "M4", lastReadingAt: null, activePowerW: null, energyWh: null },
    ]);
    const scans = grid.asked.filter((sql) => sql.includes("FROM dwd_reading") && !sql.includes("count(*)"));
    for (const sql of scans) expect(sql).toMatch(/FROM dwd_reading WHERE ts >= CAST\(\$\d AS TIMESTAMPTZ\)/);
  });

  it("shows a null of the last reading as null, not an older value", async () => {
    const other = await gridOfFour();
    await other.run(`INSERT INTO dwd_reading VALUES
      ('M1', '2013-10-14T12:01:00Z', 121, 2210, NULL, 229, NULL, '2013-10-14T12:01:01Z')`);
    const { body } = await (await serviceOver(other)).get("devices?q=M1");
    expect(body.devices).toMatchObject([
      { activePowerW: null, voltageV: 229, lastReadingAt: "2013-10-14T12:01:00Z" },
    ]);
  });

  it("sorts either way, nulls last both times", async () => {
    expect(await listed("sort=activePowerW")).toEqual(["M1", "M2", "M3", "M4"]);
    expect(await listed("sort=-activePowerW")).toEqual(["M3", "M2", "M1", "M4"]);
    expect(await listed("sort=-name")).toEqual(["M4", "M1", "M3", "M2"]);
  });

  it("pages, and is empty beyond the last page while the total stays", async () => {
    expect(await listed("page=2&pageSize=3")).toEqual(["M4"]);
    const { body } = await api.get("devices?page=9&pageSize=3");
    expect(body).toMatchObject({ devices: [], total: 4 });
  });

  it("searches device, name and feeder without case, and knows no wildcard", async () => {
    expect(await listed("q=HARB")).toEqual(["M3"]);
    expect(await listed("q=f2")).toEqual(["M3", "M4"]);
    expect(await listed("q=%25")).toEqual([]);
    expect(await listed("feeder=F1&q=m2")).toEqual(["M2"]);
  });

  it.each(["sort=device;drop", "pageSize=501", "page=0"])("refuses %s", async (query) => {
    expect((await api.get(`devices?${query}`)).status).toBe(400);
  });

  it("is a list of the register when there is no reading at all", async () => {
    const bare = await Grid.empty();
    await bare.run("INSERT INTO dim_device(device, feeder) VALUES ('M1', 'F1')");
    const { body } = await (await serviceOver(bare)).get("devices");
    expect(body).toMatchObject({ total: 1, recentSince: null, energyDay: null });
    expect(body.devices).toMatchObject([{ device: "M1", feederName: null, lastReadingAt: null }]);
  });
});
