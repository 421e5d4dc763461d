import { DuckDBInstance } from "@duckdb/node-api";
import { type HudiTable, LocalStorage, openTable } from "@gridlake/hudi";
import { decodeContainer } from "@gridlake/hudi/avro/container.ts";
import { HdfsFiles } from "@gridlake/hudi/storage/hdfs/hdfs-files.ts";
import type { TableType, TableVersion } from "@gridlake/hudi/table/table-config.ts";
import { useFixture } from "@gridlake/hudi/testing/fixture.ts";
import { History, stepOf } from "@gridlake/hudi/testing/history.ts";
import { OPERATIONS } from "@gridlake/hudi/testing/history-operations.ts";
import { meterSql, meterTable } from "@gridlake/hudi/testing/meter-table.ts";
import { hasCode, MINUTE_MS } from "@gridlake/kernel";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { useHdfs } from "./hdfs-cluster.fixture.ts";

const TEST_LIMIT_MS = 10 * MINUTE_MS;
/** Histories of each kind on a real HDFS; a step takes a second and more. */
const HISTORIES = 1;
const SEED = Number(process.env["GRIDLAKE_HUDI_SEED"] ?? 20_260_101);

const hdfs = useHdfs();
const fixture = useFixture();

const KINDS: { type: TableType; version: TableVersion }[] = [
  { type: "COPY_ON_WRITE", version: 6 },
  { type: "COPY_ON_WRITE", version: 9 },
  { type: "MERGE_ON_READ", version: 6 },
  { type: "MERGE_ON_READ", version: 9 },
];
const DAYS = ["2026-01-01", "a b/50%=区", "2026-01-03"];

/** Rows (device, seq) of which seq counts up, in three partitions. */
function rows({ from, to, energy }: { from: number; to: number; energy: number }): string {
  const days = DAYS.map((day) => `'${day}'`).join(", ");
  return `SELECT 'D' || (i % 10) AS device, i::BIGINT AS seq, [${days}][(i % 3 + 1)::INTEGER] AS day,
    (i * ${energy})::BIGINT AS energy_wh FROM range(${from}, ${to}) r(i)`;
}

/** What is done to a table, step by step; @returns the instants */
async function life(table: HudiTable): Promise<string[]> {
  const { connection } = fixture;
  const commits: Parameters<HudiTable["commit"]>[0][] = [
    { connection, operation: "insert", upserts: { sql: rows({ from: 0, to: 900, energy: 10 }) } },
    { connection, operation: "upsert", upserts: { sql: rows({ from: 600, to: 1_200, energy: 20 }) } },
    {
      connection,
      operation: "upsert",
      upserts: { sql: rows({ from: 30, to: 60, energy: 30 }) },
      deletes: { sql: `SELECT device, seq, day FROM (${rows({ from: 100, to: 130, energy: 0 })})` },
    },
    { connection, operation: "upsert", upserts: { sql: rows({ from: 0, to: 300, energy: 40 }) } },
    { connection, operation: "upsert", upserts: { sql: rows({ from: 1_190, to: 1_300, energy: 50 }) } },
  ];
  const instants: string[] = [];
  for (const commit of commits) instants.push((await table.commit(commit)).instant);
  if (table.config.tableType === "MERGE_ON_READ") await table.compact({ connection });
  await table.clean({ retainCommits: 3 });
  await table.archive({ minInstants: 3, maxInstants: 4 });
  return instants;
}

async function rowsOf(relation: string): Promise<string> {
  return JSON.stringify(await fixture.rows(`SELECT * FROM ${relation} ORDER BY ALL`));
}

async function seen(table: HudiTable, instants: readonly string[]): Promise<unknown[]> {
  const asOf = instants.at(-2) ?? "";
  return [
    await rowsOf(await table.snapshotSql()),
    await rowsOf(await table.readOptimizedSql()),
    await rowsOf(await table.snapshotSql({ asOf })),
    await rowsOf(await table.incrementalSql({ after: asOf })),
  ];
}

describe.each(KINDS)("a table on HDFS: $type of version $version", (kind) => {
  it(
    "holds what the same table on the local disk holds, for its writer and for others",
    async () => {
      const path = hdfs.path();
      const writer = hdfs.storage();
      const far = await meterTable(writer, path, kind);
      const near = await meterTable(new LocalStorage(), fixture.path(), kind);
      const [farInstants, nearInstants] = [await life(far), await life(near)];
      const expected = await seen(near, nearInstants);
      expect(await seen(far, farInstants)).toEqual(expected);
      // a process that has nothing of it on its disk
      const other = hdfs.storage();
      expect(await seen(await openTable(other, path), farInstants)).toEqual(expected);
      // and one that takes turns with it
      const { connection } = fixture;
      const sql = rows({ from: 0, to: 5, energy: 99 });
      const again = await openTable(other, path);
      const { stats } = await again.commit({ connection, operation: "upsert", upserts: { sql } });
      expect(stats).toMatchObject({ inserts: 0, updates: 5 });
      const sum = await fixture.rows(
        `SELECT sum(energy_wh)::INTEGER AS s FROM ${await far.snapshotSql()} WHERE seq < 5`,
      );
      expect(sum).toEqual([{ s: 990 }]);
    },
    TEST_LIMIT_MS,
  );
});

describe.each([KINDS[0], KINDS[3]].filter((kind) => kind !== undefined))(
  "the history of a table on HDFS: $type of version $version",
  (kind) => {
    it(
      "equals the oracle after every step, whoever dies where",
      async () => {
        const shape = { ...kind, index: { kind: "simple" as const }, ordered: false, partitioned: true };
        const steps = fc.array(stepOf(OPERATIONS, shape), { minLength: 4, maxLength: 6 });
        await fc.assert(
          fc.asyncProperty(steps, async (all) => {
            const path = hdfs.path();
            const one = new History(fixture, shape, OPERATIONS, {
              storage: hdfs.storage(),
              path,
              names: () => namesBelow(path),
            });
            await one.create();
            for (const step of all) {
              await one.run(step);
              await one.check({ all: false });
            }
            await one.checkTidy();
          }),
          { numRuns: HISTORIES, seed: SEED },
        );
      },
      TEST_LIMIT_MS,
    );
  },
);

/** Three commits, each tried until it is done, with a storage and a DuckDB of its own, as a process has them. */
async function writeAsOne(
  path: string,
  { writer, concurrency }: { writer: number; concurrency: "exclusive" | "optimistic" },
): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const table = await openTable(hdfs.storage(), path);
    for (const [seq, day] of DAYS.entries()) {
      const sql = meterSql([{ device: `D${writer}`, seq, day, energy_wh: 1 }]);
      const commit = () =>
        table.commit({
          connection,
          operation: "upsert",
          upserts: { sql },
          concurrency,
          lock: { waitMs: MINUTE_MS },
        });
      while (!(await succeeds(commit))) continue;
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** False for one that lost against another. */
async function succeeds(commit: () => Promise<unknown>): Promise<boolean> {
  try {
    await commit();
    return true;
  } catch (error) {
    if (hasCode(error, "HUDI_WRITE_CONFLICT")) return false;
    throw error;
  }
}

describe("a table on HDFS", () => {
  it.each(["exclusive", "optimistic"] as const)(
    "written by several at once loses nothing: %s",
    async (concurrency) => {
      const path = hdfs.path();
      await meterTable(hdfs.storage(), path, {});
      await Promise.all([0, 1, 2].map((writer) => writeAsOne(path, { writer, concurrency })));
      const all = await (await openTable(hdfs.storage(), path)).snapshotSql();
      expect(await fixture.rows(`SELECT count(*)::INTEGER AS n FROM ${all}`)).toEqual([{ n: 9 }]);
    },
    TEST_LIMIT_MS,
  );

  it("names files in plans as other engines on that HDFS do", async () => {
    const path = hdfs.path();
    const storage = hdfs.storage();
    const table = await meterTable(storage, path, {});
    await life(table);
    const plan = (await table.instants()).find(({ action }) => action === "clean");
    const body = await storage.read(`${path}/.hoodie/${plan?.timestamp}.clean.requested`);
    const { filePathsToBeDeletedPerPartition: files } = (await decodeContainer(
      body ?? Buffer.alloc(0),
      "the plan",
    )) as { filePathsToBeDeletedPerPartition: Record<string, { filePath: string }[]> };
    const named = Object.values(files).flat();
    expect(named.length).toBeGreaterThan(0);
    for (const { filePath } of named) {
      expect(filePath.startsWith(`${hdfs.endpoints["fs"]}${path}/`)).toBe(true);
    }
  });
});

/** Also what a storage does not show. */
async function namesBelow(path: string, below = ""): Promise<string[]> {
  const files = new HdfsFiles(hdfs.options());
  try {
    const all: string[] = [];
    for (const { name, isDirectory } of (await files.list(`${path}${below}`)) ?? []) {
      all.push(`${below}/${name}`.slice(1));
      if (isDirectory) all.push(...(await namesBelow(path, `${below}/${name}`)));
    }
    return all;
  } finally {
    files.close();
  }
}
