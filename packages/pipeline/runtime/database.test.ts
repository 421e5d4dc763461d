import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Database } from "./database.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gridlake-database-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const options = (): { path: string; timeZone: string } => ({
  path: join(dir, "engine", "x.duckdb"),
  timeZone: "UTC",
});

test("what was committed is there after the next opening; every connection has the grid's time zone", async () => {
  const first = await Database.open({ ...options(), timeZone: "Europe/Berlin" });
  const connection = await first.connect();
  await connection.run("CREATE TABLE t AS SELECT 7 AS n");
  const [[zone] = []] = (await connection.runAndReadAll("SELECT current_setting('TimeZone')")).getRows();
  expect(zone).toBe("Europe/Berlin");
  connection.closeSync();
  first.close();
  const second = await Database.open(options());
  const again = await second.connect();
  expect((await again.runAndReadAll("FROM t")).getRows()).toEqual([[7]]);
  again.closeSync();
  second.close();
});

test("a file that is no database: ENGINE_STATE_CORRUPT, and what to do", async () => {
  const path = join(dir, "x.duckdb");
  writeFileSync(path, "this was never a database, and is long enough to be looked at as one".repeat(100));
  await expect(Database.open({ path, timeZone: "UTC" })).rejects.toMatchObject({
    code: "ENGINE_STATE_CORRUPT",
    remedy: expect.stringContaining("rebuilt from the lake and the log"),
  });
});

test("a file that another process has open: ENGINE_STATE_LOCKED", async () => {
  const database = await Database.open(options());
  const script = `import { Database } from ${JSON.stringify(new URL("./database.ts", import.meta.url).href)};
    await Database.open(${JSON.stringify(options())}).then(() => "open", (error) => error.code).then(console.log);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  expect(stdout.trim()).toBe("ENGINE_STATE_LOCKED");
  database.close();
});

test("of a transaction's own rows none is lost to DuckDB's optimizer", async () => {
  const database = await Database.open({ path: ":memory:", timeZone: "UTC" });
  const connection = await database.connect();
  await connection.run("CREATE TABLE t (g VARCHAR, o BIGINT, v VARCHAR); INSERT INTO t VALUES ('a', 1, 'x')");
  await connection.run("BEGIN TRANSACTION; INSERT INTO t VALUES ('b', 1, 'y'), ('b', 2, NULL)");
  const top = await connection.runAndReadAll(
    "SELECT g, v FROM t QUALIFY row_number() OVER (PARTITION BY g ORDER BY o DESC) <= 1 ORDER BY g",
  );
  expect(top.getRows()).toEqual([
    ["a", "x"],
    ["b", null],
  ]);
  connection.closeSync();
  database.close();
});
