import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createTable, type HudiTable, type Instant, openTable, type Storage } from "@gridlake/hudi";
import { META_COLUMNS } from "@gridlake/hudi/schema/column.ts";
import type { TableDefinition } from "@gridlake/hudi/table/table-config.ts";
import { useFixture } from "@gridlake/hudi/testing/fixture.ts";
import { assert, MINUTE_MS } from "@gridlake/kernel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compare, inWords } from "../same-rows.ts";
import { SparkJudge } from "../spark/judge.ts";
import { FEW_READ_MODES, METADATA_OFF, writeOptions } from "../spark/table-options.ts";
import { useHdfs } from "./hdfs-cluster.fixture.ts";

// Spark and we write one table on HDFS in turn: what it plans there names files by hdfs://, and so do we.

const hdfs = useHdfs();
const fixture = useFixture();
let judge: SparkJudge;
let files = 0;

beforeAll(async () => {
  const { GRIDLAKE_PYTHON: python = "python3", GRIDLAKE_HUDI_SPARK_JAR: jar = "" } = process.env;
  // Spark's JVM is a client of the cluster: it knows its nodes by name, and says who it is
  process.env["JAVA_TOOL_OPTIONS"] = `-Djdk.net.hosts.file=${join(hdfs.cluster.directory, "hosts/master")}`;
  process.env["HADOOP_USER_NAME"] = hdfs.endpoints["user"];
  const scratch = join(hdfs.folder, "spark");
  await mkdir(scratch);
  judge = await SparkJudge.start({ python, jar, scratch });
}, 5 * MINUTE_MS);
afterAll(async () => {
  await judge?.end();
});

const DEFINITION: TableDefinition = {
  name: "meters",
  columns: [
    { name: "device", type: "VARCHAR", nullable: false },
    { name: "day", type: "VARCHAR" },
    { name: "seq", type: "BIGINT", nullable: false },
    { name: "energy_wh", type: "BIGINT" },
  ],
  recordKey: ["device"],
  partition: "day",
  ordering: "seq",
};

/** Spark cleans after each of its writes. */
const CLEANING = {
  "hoodie.clean.automatic": "true",
  "hoodie.clean.async.enabled": "false",
  "hoodie.clean.commits.retained": "1",
};

/** One row a device, newer the higher `seq`. */
function rows({ from, to, seq }: { from: number; to: number; seq: number }): string {
  return `SELECT 'D' || i AS device, '2026-01-0' || (i % 2 + 1) AS day, ${seq}::BIGINT AS seq,
    (i * 1000 + ${seq})::BIGINT AS energy_wh FROM range(${from}, ${to}) r(i)`;
}

function scratchFile(): string {
  files += 1;
  return join(hdfs.folder, `${files}.parquet`);
}

async function sparkWrites(
  table: HudiTable,
  sql: string,
  options: Readonly<Record<string, string>> = {},
): Promise<void> {
  const input = scratchFile();
  await fixture.connection.run(`COPY (${sql}) TO '${input}' (FORMAT parquet)`);
  const all = { ...writeOptions(table, "upsert"), ...METADATA_OFF, ...options };
  await judge.write({ table: hdfs.endpoints["fs"] + table.basePath, input, options: all });
}

/** Spark's rows, meta columns too, against ours. */
async function sparkSeesWhatWeSee(table: HudiTable): Promise<void> {
  const columns = [...META_COLUMNS, ...table.schema().map(({ name }) => name)];
  for (const { options } of FEW_READ_MODES) {
    const output = scratchFile();
    await judge.read({ table: hdfs.endpoints["fs"] + table.basePath, options, output, columns });
    const ours = await table.snapshotSql({ columns });
    const difference = await compare(fixture.connection, { ours, theirs: `read_parquet('${output}')` });
    expect(inWords(difference)).toBeNull();
  }
}

async function weSee(table: HudiTable): Promise<unknown> {
  const [seen] = await fixture.rows(
    `SELECT count(*)::INTEGER AS n, sum(energy_wh)::INTEGER AS wh FROM ${await table.snapshotSql()}`,
  );
  return seen;
}

/** Makes the newest clean one whose engine died when it had planned it. @returns it, as it was */
async function leaveOnlyThePlan(table: HudiTable, storage: Storage): Promise<Instant> {
  const clean = (await table.instants()).findLast(({ action }) => action === "clean");
  assert(clean, "the table was cleaned");
  const folder = `${table.basePath}/${table.config.layout.folder}`;
  for (const { name } of await storage.list(folder)) {
    const isPlan = name.endsWith(".clean.requested");
    if (name.startsWith(clean.timestamp) && !isPlan) await storage.remove(`${folder}/${name}`);
  }
  return clean;
}

describe.each([
  { type: "COPY_ON_WRITE", version: 6 },
  { type: "COPY_ON_WRITE", version: 9 },
  { type: "MERGE_ON_READ", version: 6 },
] as const)("$type of version $version on HDFS", (kind) => {
  it(
    "is read and written by Spark and by us in turn, and each carries out the other's plans",
    async () => {
      const path = hdfs.path();
      const storage = hdfs.storage();
      const { connection } = fixture;
      const commit = (table: HudiTable, sql: string) =>
        table.commit({ connection, operation: "upsert", upserts: { sql } });

      const table = await createTable(storage, path, { ...DEFINITION, ...kind });
      await commit(table, rows({ from: 0, to: 100, seq: 1 }));
      await commit(table, rows({ from: 50, to: 150, seq: 2 }));
      await sparkSeesWhatWeSee(table);

      await sparkWrites(table, rows({ from: 100, to: 200, seq: 3 }));
      await sparkWrites(table, rows({ from: 0, to: 50, seq: 4 }), CLEANING);
      const afterSpark = await openTable(hdfs.storage(), path);
      const wh = 1_000 * ((199 * 200) / 2) + 50 * 4 + 50 * 2 + 100 * 3;
      expect(await weSee(afterSpark)).toEqual({ n: 200, wh });

      if (kind.type === "COPY_ON_WRITE") {
        // MERGE_ON_READ has nothing to clean without a compaction
        const clean = await leaveOnlyThePlan(afterSpark, storage);
        const resumed = await openTable(hdfs.storage(), path);
        await resumed.clean({ retainCommits: 20 });
        expect(await resumed.instants()).toContainEqual({ ...clean, completedAt: expect.any(String) });
        expect(await weSee(resumed)).toEqual({ n: 200, wh });
      }

      const again = await openTable(hdfs.storage(), path);
      await commit(again, rows({ from: 0, to: 200, seq: 5 }));
      if (kind.type === "MERGE_ON_READ") await again.compact({ connection });
      const { instant } = await again.clean({ retainCommits: 1 });
      expect(instant).not.toBeNull();
      await sparkSeesWhatWeSee(again);
      const ours = await leaveOnlyThePlan(again, storage);
      await sparkWrites(again, rows({ from: 0, to: 10, seq: 6 }), CLEANING);
      const last = await openTable(hdfs.storage(), path);
      expect(await last.instants()).toContainEqual({ ...ours, completedAt: expect.any(String) });
      expect(await weSee(last)).toEqual({ n: 200, wh: 1_000 * ((199 * 200) / 2) + 190 * 5 + 10 * 6 });
      await sparkSeesWhatWeSee(last);
    },
    10 * MINUTE_MS,
  );
});
