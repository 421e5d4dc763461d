import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { TOPICS } from "@gridlake/contracts";
import { loadModels } from "../model/load.ts";
import { columnLineage, tableLineage } from "./lineage.ts";
import type { Model, ModelSet } from "./model.ts";

describe("lineage of the shipped models", () => {
  let set: ModelSet;
  beforeAll(async () => {
    set = await loadModels(join(import.meta.dirname, "../../../models"), TOPICS);
  });
  const edges = (name: string): string[] =>
    columnLineage(set.byName.get(name) as Model).map(
      ({ from, to, influence }) => `${from.source.name}.${from.column} → ${to.column ?? "*"} ${influence}`,
    );

  test("tables: every read once, topics too", () => {
    const read = tableLineage(set).map(({ from, to }) => `${from.kind} ${from.name} → ${to}`);
    expect(read).toContain("topic readings → ods_reading");
    expect(read).toContain("model dim_device → dwd_reading");
    // every topic's lines, and the devices on the register
    expect(read.filter((edge) => edge.endsWith("→ dwd_refused"))).toHaveLength(TOPICS.length + 1);
    expect(new Set(read).size).toBe(read.length);
  });

  test("columns through groups, aggregates and joins", () => {
    expect(edges("ads_load_feeder_minute").sort()).toEqual(
      [
        "dim_device.device → * join",
        "dim_device.kind → * join",
        "dim_device.feeder → * groupBy",
        "dim_device.feeder → feeder identity",
        "dws_power_device_minute.device → * join",
        "dws_power_device_minute.power_sum_w → active_power_w aggregation",
        "dws_power_device_minute.readings → active_power_w aggregation",
        "dws_power_device_minute.window_start → * groupBy",
        "dws_power_device_minute.window_start → window_start identity",
      ].sort(),
    );
  });

  test("columns through lag, windows, filters and ranks", () => {
    expect(edges("dws_energy_15min")).toContain("dws_register_15min.register_end_wh → energy_wh aggregation");
    expect(edges("dws_energy_15min")).toContain(
      "dws_register_15min.register_start_wh → energy_wh transformation",
    );
    expect(edges("dws_energy_15min")).toContain("dws_register_15min.window_start → * sort");
    expect(edges("dws_register_15min")).toContain("dwd_reading.ts → window_start transformation");
    expect(edges("dim_device")).toContain("dim_device_last.is_deleted → * filter");
    expect(edges("ads_top_consumer")).toContain("dws_energy_day.energy_wh → * sort");
  });

  test("columns of every part of a union", () => {
    const read = edges("dwd_refused");
    expect(read).toContain("ods_reading.raw → raw identity");
    expect(read).toContain("ods_feeder.raw → raw identity");
  });
});
