import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Answer } from "./answer.ts";
import { Lake } from "./open-lake.ts";

let dir: string;
let lake: Lake;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "gridlake-lake-"));
  lake = await Lake.open({ dataDir: dir });
});
afterEach(async () => {
  await lake.close();
  rmSync(dir, { recursive: true, force: true });
});

const KEYED = { recordKey: ["meter"], partition: ["day"], ordering: "seq" };

function file(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

const objects = ({ columns, rows }: Answer) =>
  rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])));

async function instants(table: string): Promise<string[]> {
  return objects(await lake.timeline(table, { limit: 50 })).map(({ instant }) => String(instant));
}

async function exported(table: string, asOf?: string): Promise<unknown> {
  const to = join(dir, "out.json");
  await lake.export(table, { to, ...(asOf === undefined ? {} : { asOf }) });
  const rows = JSON.parse(readFileSync(to, "utf8")) as Record<string, unknown>[];
  return rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Two imports: two meters, then a newer reading of the first. */
async function tariffs(): Promise<void> {
  const first = file("first.csv", "meter,day,seq,price\nm1,d1,1,0.50\nm2,d2,1,0.7\n");
  await lake.import("tariff", { from: first, create: KEYED });
  await lake.import("tariff", { from: file("second.csv", "meter,day,seq,price\nm1,d1,2,0.55\n") });
}

test("a file becomes a table, and the table a file", async () => {
  await tariffs();
  expect(objects(await lake.tables())).toMatchObject([
    { table: "tariff", type: "COPY_ON_WRITE", files: "2" },
  ]);
  const shown = Object.fromEntries((await lake.show("tariff")).rows.map(([name, value]) => [name, value]));
  expect(shown).toMatchObject({ "record key": "meter", ordering: "seq", "column seq": "BIGINT" });
  expect(objects(await lake.timeline("tariff", { limit: 1 }))).toMatchObject([
    { updates: "1", inserts: "0" },
  ]);
  expect(objects(await lake.files("tariff", { partition: "d1" }))).toMatchObject([{ kind: "base" }]);
  expect(await exported("tariff")).toEqual([
    { meter: "m1", day: "d1", seq: 2, price: 0.55 },
    { meter: "m2", day: "d2", seq: 1, price: 0.7 },
  ]);
  const [, first] = await instants("tariff");
  expect(await exported("tariff", first)).toMatchObject([{ price: 0.5 }, { price: 0.7 }]);
});

test("a file becomes a table of several partition columns", async () => {
  const from = file("places.csv", "meter,day,region,seq\nm1,d1,north,1\nm2,d1,south,1\n");
  await lake.import("places", { from, create: { ...KEYED, partition: ["region", "day"] } });
  const again = file("again.csv", "meter,day,region,seq\nm2,d1,south,2\nm2,d1,north,1\n");
  await lake.import("places", { from: again });
  expect(await exported("places")).toEqual([
    { meter: "m1", day: "d1", region: "north", seq: 1 },
    { meter: "m2", day: "d1", region: "north", seq: 1 },
    { meter: "m2", day: "d1", region: "south", seq: 2 },
  ]);
  expect(objects(await lake.files("places", { partition: "south/d1" }))).toMatchObject([{ kind: "base" }]);
});

test("days become folders as they are written", async () => {
  const from = file("days.csv", "meter,day,seq\nm1,2026-01-31,1\nm2,2026-02-01,1\n");
  await lake.import("days", { from, create: KEYED });
  expect(objects(await lake.files("days", { partition: "2026-01-31" }))).toMatchObject([{ kind: "base" }]);
  expect(await exported("days")).toEqual([
    { meter: "m1", day: "2026-01-31", seq: 1 },
    { meter: "m2", day: "2026-02-01", seq: 1 },
  ]);
});

test("the history tells who wrote what, from the first commit on", async () => {
  await tariffs();
  const history = objects(await lake.history("tariff", { limit: 50 }));
  expect(history).toMatchObject([{ action: "commit", archived: "false" }, { action: "commit" }]);
  expect(JSON.parse(String(history[1]?.["metadata"]))).toEqual({ "gridlake.import": join(dir, "first.csv") });
});

test("the difference between two instants has both images of a row", async () => {
  await tariffs();
  const [, first = ""] = await instants("tariff");
  const [changed, ...more] = objects(await lake.diff("tariff", { after: first }));
  expect(more).toEqual([]);
  expect(changed).toMatchObject({ change: "U", partition: "d1", key: "m1" });
  expect(JSON.parse(String(changed?.["before"]))).toEqual({ meter: "m1", day: "d1", seq: 1, price: 0.5 });
  expect(JSON.parse(String(changed?.["after"]))).toMatchObject({ seq: 2, price: 0.55 });
  expect(objects(await lake.diff("tariff", { after: first, counts: true }))).toEqual([
    { partition: "d1", inserted: "0", updated: "1", deleted: "0" },
  ]);
});

test("a number that its column would round is refused, with the value", async () => {
  await tariffs();
  const from = file("round.csv", "meter,day,seq,price\nm1,d1,2.5,0.6\n");
  await expect(lake.import("tariff", { from })).rejects.toMatchObject({
    code: "LAKE_VALUE_ROUNDED",
    details: { column: "seq", value: "2.5" },
  });
  expect(await instants("tariff")).toHaveLength(2);
});

test.each([
  ["more.csv", "meter,day,seq,price,colour\nm1,d1,3,1,red\n", "HUDI_COLUMN_UNKNOWN"],
  ["less.csv", "meter,day,price\nm1,d1,1\n", "HUDI_COLUMN_MISSING"],
  ["rows.txt", "m1", "LAKE_FILE_FORMAT"],
])("%s, which does not fit, is refused", async (name, text, code) => {
  await tariffs();
  await expect(lake.import("tariff", { from: file(name, text) })).rejects.toMatchObject({ code });
});

test("a table that is not there is named, with what to do", async () => {
  await expect(lake.show("nothing")).rejects.toMatchObject({ code: "LAKE_TABLE_MISSING" });
  await expect(lake.import("nothing", { from: file("a.csv", "a\n1\n") })).rejects.toMatchObject({
    code: "LAKE_TABLE_MISSING",
  });
});

test("the services tell on a dry run what they then do", async () => {
  await tariffs();
  const [newest = "", first = ""] = await instants("tariff");
  for (const service of [
    (dryRun: boolean) => lake.clean("tariff", { dryRun, commits: 1 }),
    (dryRun: boolean) => lake.cluster("tariff", { dryRun, sortBy: ["price"] }),
  ]) {
    const before = await instants("tariff");
    const planned = objects(await service(true));
    expect(await instants("tariff")).toEqual(before);
    const done = objects(await service(false));
    expect(done).toEqual(planned.map((row) => ({ ...row, instant: done[0]?.["instant"] })));
    expect((await instants("tariff")).length).toBe(before.length + 1);
  }
  expect(await exported("tariff")).toMatchObject([{ meter: "m1", seq: 2 }, { meter: "m2" }]);
  await expect(lake.rollback("tariff", { instant: first, dryRun: false })).rejects.toMatchObject({
    code: "LAKE_NOT_NEWEST",
  });
  expect(newest > first).toBe(true);
});

test("a savepoint is what the table goes back to", async () => {
  await tariffs();
  const [second = "", first = ""] = await instants("tariff");
  const add = { instant: first, user: "ann", comment: "before" };
  expect(objects(await lake.savepoints("tariff", { add: { ...add, dryRun: true } }))).toMatchObject([
    { files: "2" },
  ]);
  expect(objects(await lake.savepoints("tariff", {}))).toEqual([]);
  const saved = await lake.savepoints("tariff", { add });
  expect(objects(saved)).toMatchObject([{ instant: first, user: "ann", comment: "before" }]);
  await lake.clean("tariff", { dryRun: false, commits: 1 });
  expect(objects(await lake.restore("tariff", { to: first, dryRun: true }))).toMatchObject([
    { undone: second },
  ]);
  await lake.restore("tariff", { to: first, dryRun: false });
  expect(await exported("tariff")).toMatchObject([{ meter: "m1", price: 0.5 }, { meter: "m2" }]);
  const dry = await lake.savepoints("tariff", { remove: { instant: first, dryRun: true } });
  expect(objects(dry)).toMatchObject([{ instant: first, files: "2" }]);
  expect(objects(await lake.savepoints("tariff", {}))).toMatchObject([{ instant: first }]);
  expect(objects(await lake.savepoints("tariff", { remove: { instant: first } }))).toEqual([]);
});

test("the newest write is undone by its name", async () => {
  await tariffs();
  const [second = ""] = await instants("tariff");
  await lake.rollback("tariff", { instant: second, dryRun: false });
  expect(await exported("tariff")).toMatchObject([{ price: 0.5 }, { price: 0.7 }]);
});
