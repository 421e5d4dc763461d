import { resolve } from "node:path";
import { TOPICS } from "@gridlake/contracts";
import { loadModels, type ModelSet } from "@gridlake/pipeline";
import { expect, test } from "vitest";
import { useCluster } from "../cluster.fixture.ts";
import { SqlGateway } from "../flink/sql-gateway.ts";
import { planModels } from "./planner.ts";

const flink = useCluster(["flink"], { flink: { slots: 1, gatewayHeapMib: 768 } });
const MODELS = resolve(import.meta.dirname, "../../models");
const VIEWS_OF_A_TOPIC = 3;
const LIMIT_MS = 30 * 60_000;

test(
  "Flink's planner has a plan for every shipped model, and takes every table",
  { timeout: LIMIT_MS },
  async () => {
    const set = await loadModels(MODELS, TOPICS);
    const gateway = await SqlGateway.open(flink.endpoint("flink", "sqlGateway"));
    expect(await planModels(gateway, set)).toEqual({
      asked: set.models.length + VIEWS_OF_A_TOPIC * set.topics.length,
      refused: [],
    });
    await gateway.close();
  },
);

test("a model that has no plan is named", { timeout: LIMIT_MS }, async () => {
  const set = await loadModels(MODELS, TOPICS);
  // what it reads is not there
  const models = set.models.filter(({ name }) => name === "dim_feeder");
  const alone: ModelSet = { ...set, models };
  const gateway = await SqlGateway.open(flink.endpoint("flink", "sqlGateway"));
  const { asked, refused } = await planModels(gateway, alone);
  expect(asked).toBe(1);
  expect(refused[0]).toMatch(/^dim_feeder: .*Object 'dim_feeder_last__rows' not found/);
  await gateway.close();
});
