import { readdir, writeFile } from "node:fs/promises";
import { ManualClock, MINUTE_MS, SECOND_MS } from "@gridlake/kernel";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { rollbackPlan } from "../../avro/rollback.ts";
import { LocalStorage } from "../../storage/local/storage.ts";
import { openTable } from "../../table/create-table.ts";
import type { HudiTable } from "../../table/table.ts";
import { HeldStorage } from "../../testing/held-storage.ts";
import { useFixture } from "../../testing/fixture.ts";
import { meterSql, meterTable } from "../../testing/meter-table.ts";

const fixture = useFixture();
let instance: DuckDBInstance;
/** Of the writer that is held up. */
let slowly: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  slowly = await instance.connect();
});
afterAll(() => {
  slowly.closeSync();
  instance.closeSync();
});

const commits = async (of: HudiTable) => (await of.timeline()).filter(({ action }) => action === "commit");

it.each([6, 9] as const)(
  "a rollback that another engine planned keeps a writer from its very last step, in version %i",
  async (version) => {
    const path = fixture.path();
    const clock = new ManualClock(Date.UTC(2026, 0, 1));
    const table = await meterTable(new LocalStorage(), path, { clock, version });
    const write = (energy: number, device: string) => {
      clock.advance(SECOND_MS);
      return {
        operation: "upsert" as const,
        upserts: { sql: meterSql([{ device, seq: 1, day: "d", energy_wh: energy }]) },
      };
    };
    await table.commit({ ...write(1, "a"), connection: fixture.connection });
    const folder = `${path}/.hoodie${version === 6 ? "" : "/timeline"}`;

    // its heartbeat was its own when it looked: it is about to give its completed file the name
    const held = new HeldStorage(new LocalStorage());
    const slow = await openTable(held, path, { clock });
    const reached = held.hold((change, at) => change === "rename" && at.endsWith(".commit"));
    const late = slow.commit({ ...write(2, "b"), connection: slowly, lock: { expiryMs: MINUTE_MS } });
    late.catch(() => {});
    await reached;
    const inflight = (await readdir(folder)).sort().findLast((name) => name.endsWith(".inflight")) ?? "";
    const timestamp = inflight.slice(0, 17);
    const files = (await readdir(`${path}/d`)).filter((name) => name.endsWith(`_${timestamp}.parquet`));
    expect(files).toHaveLength(1);

    // an engine that asks for no sign of ours planned to undo it, and died
    clock.advance(2 * MINUTE_MS);
    const plan = await rollbackPlan.encode({
      instantToRollback: { commitTime: timestamp, action: "commit" },
      RollbackRequests: [
        {
          partitionPath: "d",
          fileId: "",
          latestBaseInstant: "",
          filesToBeDeleted: files.map((name) => `${path}/d/${name}`),
          logBlocksToBeDeleted: {},
        },
      ],
      version: 1,
    });
    await writeFile(`${folder}/${BigInt(timestamp) + 1n}.rollback.requested`, plan);
    const next = await openTable(new LocalStorage(), path, { clock });
    // the next writer carries it out; it dies where it would take the sign of the writer away
    const dying = new HeldStorage(new LocalStorage());
    const carrying = await openTable(dying, path, { clock });
    const undone = dying.hold((change, at) => change === "remove" && at.endsWith(`.heartbeat/${timestamp}`));
    const carried = carrying.commit({ ...write(3, "c"), connection: fixture.connection });
    await undone;
    held.letGo();
    await expect(late).rejects.toMatchObject({ code: "HUDI_WRITE_CONFLICT" });
    dying.letGo();
    await carried;
    for (const one of [next, table, slow, await openTable(new LocalStorage(), path, { clock })]) {
      const rows = await fixture.rows(
        `SELECT energy_wh::INT AS e FROM ${await one.snapshotSql()} ORDER BY ALL`,
      );
      expect(rows).toEqual([{ e: 1 }, { e: 3 }]);
    }
    expect(await commits(table)).toHaveLength(2);
  },
);

it.each([6, 9] as const)("lets nobody bring back what it undid, in version %i", async (version) => {
  const path = fixture.path();
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const table = await meterTable(new LocalStorage(), path, { clock, version });
  const write = (energy: number, seq: number) => {
    clock.advance(SECOND_MS);
    return {
      operation: "upsert" as const,
      upserts: { sql: meterSql([{ device: "a", seq, day: "d", energy_wh: energy }]) },
    };
  };
  const { instant: first } = await table.commit({ ...write(1, 1), connection: fixture.connection });
  await table.commit({ ...write(2, 1), connection: fixture.connection });

  // it rewrites the file of the second commit, and is held up when it is about to take the lock again to complete
  const held = new HeldStorage(new LocalStorage());
  let locks = 0;
  const slow = await openTable(held, path, { clock });
  const reached = held.hold((change, at) => {
    if (change === "createIfAbsent" && at.endsWith("/lock")) locks += 1;
    return locks === 2;
  });
  const late = slow.commit({ ...write(3, 2), connection: slowly, concurrency: "optimistic" });
  late.catch(() => {});
  await reached;

  const { undone } = await table.restore({ to: first });
  expect(undone).toHaveLength(1);
  held.letGo();
  await expect(late).rejects.toMatchObject({ code: "HUDI_WRITE_CONFLICT" });
  for (const one of [table, slow, await openTable(new LocalStorage(), path, { clock })]) {
    const rows = await fixture.rows(
      `SELECT seq::INT AS s, energy_wh::INT AS e FROM ${await one.snapshotSql()}`,
    );
    expect(rows).toEqual([{ s: 1, e: 1 }]);
  }
  expect((await readdir(`${path}/d`)).filter((name) => name.endsWith(".parquet"))).toEqual([
    expect.stringContaining(first),
  ]);
  await slow.commit({ ...write(4, 2), connection: slowly });
  expect((await table.timeline()).filter(({ action }) => action === "commit")).toHaveLength(2);
});
