import { readdir } from "node:fs/promises";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { ManualClock, MINUTE_MS } from "@gridlake/kernel";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { openTable } from "../table/create-table.ts";
import type { HudiTable } from "../table/table.ts";
import type { TableDefinition } from "../table/table-config.ts";
import { useFixture } from "../testing/fixture.ts";
import { HeldStorage } from "../testing/held-storage.ts";
import { type MeterRow, meterSql, meterTable } from "../testing/meter-table.ts";
import type { CommitOptions } from "./commit.ts";

const fixture = useFixture();
const CONFLICT = { code: "HUDI_WRITE_CONFLICT", retry: "after-refresh" };
const SHAPES: Partial<TableDefinition>[] = [
  { type: "COPY_ON_WRITE", version: 6 },
  { type: "COPY_ON_WRITE", version: 9 },
  { type: "MERGE_ON_READ", version: 6 },
  { type: "MERGE_ON_READ", version: 9 },
];
let instance: DuckDBInstance;
/** Of the writer that is held up. */
let slowly: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  slowly = await instance.connect();
});
afterAll(() => {
  slowly.closeSync();
  instance.closeSync();
});

const row = (device: string, energy_wh: number, day = "d1"): MeterRow => ({ device, seq: 1, day, energy_wh });

describe.for(SHAPES)("%j", (shape) => {
  let path = "";
  let held: HeldStorage;
  /** The one that is held up, and one that is not. */
  let slow: HudiTable;
  let table: HudiTable;
  let clock: ManualClock;
  const isLayout1 = shape.version === 6;

  beforeEach(async () => {
    path = fixture.path();
    clock = new ManualClock(Date.UTC(2026, 0, 1));
    table = await meterTable(new LocalStorage(), path, { ...shape, clock, ordering: "energy_wh" });
    await upsert(table, [row("a", 1), row("m", 1), row("a", 1, "d2")]);
    held = new HeldStorage(new LocalStorage());
    slow = await openTable(held, path, { clock });
  });

  const upsert = (into: HudiTable, rows: MeterRow[], options: Partial<CommitOptions> = {}) => {
    clock.advance(1);
    return into.commit({
      connection: into === slow ? slowly : fixture.connection,
      operation: "upsert",
      upserts: { sql: meterSql(rows) },
      ...options,
    });
  };
  const rows = async () =>
    (await fixture.rows(`SELECT * FROM ${await table.snapshotSql()}`))
      .map(({ device, energy_wh, day }) => `${device} ${energy_wh} ${day}`)
      .sort();
  /** Begins an optimistic write, and resolves when it has written its files, and is about to complete. */
  const begin = async (some: MeterRow[], options: Partial<CommitOptions> = {}) => {
    let locks = 0;
    const reached = held.hold((change, at) => {
      if (change === "createIfAbsent" && at.endsWith("/lock")) locks += 1;
      return locks === 2;
    });
    const done = upsert(slow, some, { concurrency: "optimistic", ...options });
    done.catch(() => {});
    await Promise.race([reached, done]);
    return {
      async end() {
        held.letGo();
        return done;
      },
    };
  };
  /** What lies in the table that no completed write made. */
  const strays = async () => {
    const made = new Set<string>();
    for (const entry of await table.timeline()) {
      for (const stat of Object.values((await entry.metadata())?.partitionToWriteStats ?? {}).flat())
        made.add(stat.path);
    }
    return (await readdir(path, { recursive: true })).filter(
      (name) =>
        (/(\.parquet|\.log\..*)$/.test(name) && !made.has(name)) ||
        /heartbeat\/|\.temp\/|completing/.test(name),
    );
  };

  it("writes beside another writer into another partition", async () => {
    const write = await begin([row("a", 5, "d2")]);
    const other = upsert(table, [row("a", 2)], { concurrency: "optimistic" });
    await other;
    if (isLayout1) await expect(write.end()).rejects.toMatchObject(CONFLICT);
    else await write.end();
    expect(await rows()).toEqual(["a 2 d1", isLayout1 ? "a 1 d2" : "a 5 d2", "m 1 d1"].sort());
    expect(await strays()).toEqual([]);
  });

  it("is complete after one that began later only where the timeline tells so", async () => {
    const write = await begin([row("z", 1, "d9")]);
    await upsert(table, [row("a", 2)]);
    if (isLayout1) await expect(write.end()).rejects.toMatchObject(CONFLICT);
    else await expect(write.end()).resolves.toMatchObject({ stats: { inserts: 1 } });
  });

  it("gives way to a write of the same file group, leaves nothing, and may commit again", async () => {
    const write = await begin([row("a", 5)]);
    await upsert(table, [row("m", 2)], { concurrency: "optimistic" });
    await expect(write.end()).rejects.toMatchObject(CONFLICT);
    expect(await strays()).toEqual([]);
    await upsert(slow, [row("a", 5)], { concurrency: "optimistic" });
    expect(await rows()).toEqual(["a 1 d2", "a 5 d1", "m 2 d1"]);
  });

  it("gives way when a key that it did not find has come", async () => {
    const write = await begin([row("n", 5, "d3")]);
    await upsert(table, [row("n", 2, "d3")]);
    await expect(write.end()).rejects.toMatchObject(CONFLICT);
    expect(await rows()).toContain("n 2 d3");
  });

  it("gives way when a row has come that it was to delete", async () => {
    const write = await begin([], {
      deletes: { sql: "SELECT 'n' AS device, 1::BIGINT AS seq, 'd3' AS day" },
    });
    await upsert(table, [row("n", 2, "d3")]);
    await expect(write.end()).rejects.toMatchObject(CONFLICT);
  });

  it("gives way when the row is gone that its own lost to", async () => {
    await upsert(table, [row("k", 9, "d4")]);
    const write = await begin([row("k", 3, "d4")]);
    await upsert(table, [], { deletes: { sql: "SELECT 'k' AS device, 1::BIGINT AS seq, 'd4' AS day" } });
    await expect(write.end()).rejects.toMatchObject(CONFLICT);
  });

  it("an overwrite gives way to whatever comes into its partition, and to nothing else", async () => {
    const overwrite: Partial<CommitOptions> = { operation: "insert_overwrite" };
    const first = await begin([row("b", 7, "d2")], overwrite);
    await upsert(table, [row("c", 1, "d2")], { operation: "bulk_insert" });
    await expect(first.end()).rejects.toMatchObject(CONFLICT);
    const second = await begin([row("b", 7, "d2")], overwrite);
    await upsert(table, [row("c", 1, "d3")], { operation: "bulk_insert" });
    if (isLayout1) await expect(second.end()).rejects.toMatchObject(CONFLICT);
    else await second.end();
    expect(await strays()).toEqual([]);
  });

  it("an exclusive writer leaves it alone while it lives, and rolls it back when it is silent", async () => {
    const write = await begin([row("a", 5, "d2")]);
    await upsert(table, [row("a", 2)]);
    expect(await readdir(`${path}/.hoodie/.heartbeat`)).toHaveLength(1);
    clock.advance(MINUTE_MS);
    await upsert(table, [row("a", 3)]);
    expect(await strays()).toEqual([]);
    await expect(write.end()).rejects.toMatchObject(CONFLICT);
    expect(await rows()).toEqual(["a 1 d2", "a 3 d1", "m 1 d1"]);
    expect(await strays()).toEqual([]);
  });

  it("can't complete when a restore has gone back before it began", async () => {
    const [first] = await table.timeline();
    const write = await begin([row("a", 5, "d3")]);
    await upsert(table, [row("a", 2)]);
    await table.restore({ to: first?.timestamp ?? "" });
    await expect(write.end()).rejects.toMatchObject(CONFLICT);
    expect(await rows()).toEqual(["a 1 d1", "a 1 d2", "m 1 d1"]);
    expect(await strays()).toEqual([]);
  });

  it.for(["exclusive", "optimistic"] as const)(
    "%s: one held up before its last step can't complete when its lock has gone to another",
    async (concurrency) => {
      const reached = held.hold((change, at) => change === "rename" && /\.(delta)?commit$/.test(at));
      const write = upsert(slow, [row("a", 5)], { concurrency });
      write.catch(() => {});
      await reached;
      clock.advance(MINUTE_MS);
      await upsert(table, [row("a", 3)]);
      held.letGo();
      await expect(write).rejects.toMatchObject(CONFLICT);
      expect(await rows()).toEqual(["a 1 d2", "a 3 d1", "m 1 d1"]);
      expect(await strays()).toEqual([]);
      await upsert(slow, [row("a", 5)], { concurrency });
      expect(await rows()).toEqual(["a 1 d2", "a 5 d1", "m 1 d1"]);
    },
  );
});
