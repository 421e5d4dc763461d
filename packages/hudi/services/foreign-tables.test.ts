// Table services on tables that other engines wrote. Their recipes stand beside them, in interop/fixtures.

import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { openTable } from "../table/create-table.ts";
import type { HudiTable } from "../table/table.ts";
import { useFixture } from "../testing/fixture.ts";
import { unzip } from "../testing/zip.ts";

const FIXTURES = join(import.meta.dirname, "../../../interop/fixtures");
const NAMES = readdirSync(FIXTURES)
  .filter((file) => file.endsWith(".zip"))
  .map((file) => basename(file, ".zip"));

const fixture = useFixture();
const storage = new LocalStorage();

async function copyOf(name: string): Promise<string> {
  const folder = fixture.path();
  await unzip(await readFile(join(FIXTURES, `${name}.zip`)), folder);
  return join(folder, "table");
}

const rowsOf = async (table: HudiTable, asOf?: string) =>
  fixture.rows(
    `SELECT md5(t::VARCHAR) AS row FROM ${await table.snapshotSql(asOf === undefined ? {} : { asOf })} t ORDER BY ALL`,
  );

const WRITES = new Set<string>(["commit", "deltacommit", "replacecommit"]);

test.for(NAMES)("%s: clean and archive change no row, and nothing of its history is lost", async (name) => {
  const path = await copyOf(name);
  const table = await openTable(storage, path);
  const rows = await rowsOf(table);
  const history = await table.history();
  expect(history.filter(({ action }) => WRITES.has(action))).not.toHaveLength(0);
  for (const entry of history) {
    const metadata = await entry.metadata();
    expect(metadata !== null).toBe(WRITES.has(entry.action));
  }
  const planned = await table.clean({ retainCommits: 1, dryRun: true });
  const cleaned = await table.clean({ retainCommits: 1 });
  expect(cleaned.removed).toEqual(planned.removed);
  const { archived } = await table.archive({ minInstants: 1, maxInstants: 1 });
  for (const one of [table, await openTable(storage, path)]) {
    expect(await rowsOf(one)).toEqual(rows);
    const after = await one.history();
    const names = after.map(({ timestamp, action }) => `${timestamp}.${action}`);
    for (const { timestamp, action } of history) expect(names).toContain(`${timestamp}.${action}`);
    for (const { timestamp } of archived) {
      expect(after.find((entry) => entry.timestamp === timestamp)).toMatchObject({ archived: true });
    }
  }
});

test.for(NAMES)("%s: is restored to what it was, as far back as it can be read", async (name) => {
  const source = await openTable(storage, await copyOf(name));
  const writes = (await source.timeline()).filter(({ action }) => WRITES.has(action));
  const readable: string[] = [];
  for (const { timestamp } of writes) {
    const then = await rowsOf(source, timestamp).catch((error: unknown) => error);
    if (Array.isArray(then)) {
      readable.push(timestamp);
      continue;
    }
    expect(then).toMatchObject({ code: "HUDI_INSTANT_CLEANED" });
    await expect(source.restore({ to: timestamp })).rejects.toMatchObject({ code: "HUDI_INSTANT_CLEANED" });
  }
  for (const to of new Set([readable[0] ?? "", readable.at(-2) ?? ""])) {
    if (to === "") continue;
    const path = await copyOf(name);
    const table = await openTable(storage, path);
    const then = await rowsOf(table, to);
    for (const { instant } of await table.savepoints()) await table.deleteSavepoint(instant);
    await table.restore({ to });
    expect(await rowsOf(table)).toEqual(then);
    expect(await rowsOf(await openTable(storage, path))).toEqual(then);
  }
});

test("cow-v9-savepoint: what Spark saved is listed, kept by a clean, and restored", async () => {
  const table = await openTable(storage, await copyOf("cow-v9-savepoint"));
  const [saved] = await table.savepoints();
  const then = await rowsOf(table, saved?.instant);
  await table.clean({ retainVersions: 1 });
  expect(await rowsOf(table, saved?.instant)).toEqual(then);
  await table.restore({ to: saved?.instant ?? "" });
  expect(await rowsOf(table)).toEqual(then);
});
