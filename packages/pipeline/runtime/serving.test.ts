import { afterEach, beforeEach, expect, test } from "vitest";
import { Database } from "./database.ts";
import { DatabaseServing, type ServingOptions } from "./serving.ts";

/** Takes minutes; what it can be made of is not known before. */
const ENDLESS = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE hash(a.range + b.range) = 7";

let database: Database;
let serving: DatabaseServing;
const open = (options: ServingOptions): void => {
  serving = new DatabaseServing(database, options);
};
beforeEach(async () => {
  database = await Database.open({ path: ":memory:", timeZone: "Asia/Shanghai" });
});
afterEach(async () => {
  await serving.close();
  database.close();
});

const code = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "answered",
    (error: { code?: string }) => error.code ?? String(error),
  );

test("rows leave by name, with parameters bound, in the grid's time zone", async () => {
  open({});
  const rows = await serving.rows(
    "SELECT $1 AS a, $2::BIGINT + 1 AS b, CAST(TIMESTAMPTZ '2024-01-01T00:00:00Z' AS VARCHAR) AS t",
    ["x", 4],
  );
  expect(rows).toEqual([{ a: "x", b: 5, t: "2024-01-01 08:00:00+08" }]);
});

test("a query that takes too long is ended, and its connection goes on", async () => {
  open({ connections: 1, timeoutMs: 100 });
  await expect(serving.rows(ENDLESS)).rejects.toMatchObject({ code: "SERVING_TIMEOUT", status: 503 });
  expect(await serving.rows("SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("what is wrong with the SQL is told as it is", async () => {
  open({ connections: 1 });
  await expect(serving.rows("SELECT nothing FROM nowhere")).rejects.toThrow("nowhere");
  expect(await serving.rows("SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("as many queries run as there are connections, as many wait as the line is long, one more is refused", async () => {
  open({ connections: 2, queueLimit: 2, timeoutMs: 300 });
  const under = [code(serving.rows(ENDLESS)), code(serving.rows(ENDLESS))];
  const waiting = [code(serving.rows("SELECT 1")), code(serving.rows("SELECT 2"))];
  expect(await code(serving.rows("SELECT 3"))).toBe("SERVING_UNAVAILABLE");
  expect(await Promise.all(under)).toEqual(["SERVING_TIMEOUT", "SERVING_TIMEOUT"]);
  expect(await Promise.all(waiting)).toEqual(["answered", "answered"]);
});

test("closing ends what is under way and what waits at once, and refuses what comes", async () => {
  open({ connections: 1, timeoutMs: 60_000 });
  const under = code(serving.rows(ENDLESS));
  const waiting = code(serving.rows("SELECT 1"));
  const startedMs = performance.now();
  await serving.close();
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  expect(await under).toBe("SERVING_UNAVAILABLE");
  expect(await waiting).toBe("SERVING_UNAVAILABLE");
  expect(await code(serving.rows("SELECT 1"))).toBe("SERVING_UNAVAILABLE");
});

test("closing twice, or before anything was asked, is no more than closing", async () => {
  open({});
  await serving.close();
  await serving.close();
});
