import { resolve } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { TOPICS } from "@gridlake/contracts";
import { loadModels } from "@gridlake/pipeline";
import { expect, test } from "vitest";
import { useCluster } from "../cluster.fixture.ts";
import { runExactness } from "./exactness.ts";
import { randomInputs } from "./inputs.ts";

const MODELS = resolve(import.meta.dirname, "../../models");
const LIMIT_MS = 45 * 60_000;
const engines = useCluster(["kafka", "flink"], {
  flink: { slots: 1, taskManagerHeapMib: 1536, networkMib: 128, gatewayHeapMib: 768 },
});

test(
  "late, doubled and spoilt readings, devices that move and go, a TaskManager killed: Flink's tables are the batch's, row for row",
  { timeout: LIMIT_MS },
  async () => {
    const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
    const connection = await instance.connect();
    const set = await loadModels(MODELS, TOPICS);
    const tables = await runExactness({
      connection,
      engines,
      set,
      // latest per key, joins with a register, windows, the row before, sums by feeder, a live topic
      models: ["dws_energy_15min", "ads_load_feeder_minute"],
      inputs: randomInputs({ seed: 1, devices: 12, readings: 400 }),
      timeZone: "Europe/Berlin",
    });
    expect(tables.map(({ model }) => model)).toContain("dim_device");
    for (const { model, rows, missing, extra, examples } of tables) {
      expect({ model, missing, extra, examples }).toEqual({ model, missing: 0, extra: 0, examples: [] });
      expect(rows).toBeGreaterThan(0);
    }
    connection.closeSync();
    instance.closeSync();
  },
);
