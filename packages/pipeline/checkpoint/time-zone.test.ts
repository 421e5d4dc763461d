import { afterEach, expect, test } from "vitest";
import type { PipelineFixture as Fixture } from "../runtime/pipeline.fixture.ts";
import { PipelineFixture, shippedModels } from "../runtime/pipeline.fixture.ts";

let fixture: Fixture | null = null;
afterEach(async () => fixture?.remove());

const DAY = "SELECT window_start, energy_wh FROM dws_energy_day ORDER BY window_start";

const reading = (ts: string, energy_wh: number) => ({
  device: "M1",
  ts,
  seq: 1,
  energy_wh,
  active_power_w: 1,
});

test(
  "another time zone computes the days anew, in the state and in the lake",
  { timeout: 300_000 },
  async () => {
    const models = await shippedModels();
    // the new days are built in parts
    const options = { timeZone: "UTC", evolution: { partRows: 1 } };
    fixture = new PipelineFixture(models, options);
    await fixture.open();
    await fixture.send("devices", [{ device: "M1", feeder: "F1" }]);
    await fixture.send("readings", [
      reading("2026-01-01T15:00:00Z", 10),
      reading("2026-01-01T17:00:00Z", 25),
    ]);
    expect(await fixture.rows(DAY)).toEqual([{ window_start: "2026-01-01T00:00:00Z", energy_wh: 15 }]);
    await fixture.stop();

    options.timeZone = "Asia/Shanghai";
    await fixture.open();
    const inShanghai = [
      { window_start: "2025-12-31T16:00:00Z", energy_wh: 0 },
      { window_start: "2026-01-01T16:00:00Z", energy_wh: 15 },
    ];
    await fixture.current();
    expect(await fixture.rows(DAY)).toEqual(inShanghai);
    await fixture.send("readings", [reading("2026-01-01T18:00:00Z", 30)]);
    await fixture.checkpoint();
    await fixture.stop();
    const verification = await fixture.verify();
    expect(verification.tables.filter((table) => table.differences > 0)).toEqual([]);
    expect(verification.tables.find((table) => table.model === "dws_energy_day")?.rowsCompared).toBe(2);
  },
);
