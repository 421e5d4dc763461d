import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { useCluster } from "../cluster.fixture.ts";
import { SqlGateway } from "../flink/sql-gateway.ts";
import { compareExpressions, ZONES } from "./expressions.ts";

const flink = useCluster(["flink"], { flink: { slots: 1, gatewayHeapMib: 768 } });
const LIMIT_MS = 15 * 60_000;

test.each(ZONES)(
  "Flink computes every function and operator as DuckDB does, row for row, where the clock is that of %s",
  { timeout: LIMIT_MS },
  async (timeZone) => {
    const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
    const connection = await instance.connect();
    const gateway = await SqlGateway.open(flink.endpoint("flink", "sqlGateway"));
    expect(await compareExpressions({ connection, gateway }, timeZone)).toEqual([]);
    await gateway.close();
    connection.closeSync();
    instance.closeSync();
  },
);
