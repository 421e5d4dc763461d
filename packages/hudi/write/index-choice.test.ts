import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketSql } from "../index/bucket.ts";
import type { TableIndex } from "../index/index-kind.ts";
import { sqlText } from "../schema/sql-text.ts";
import { LocalStorage } from "../storage/local/storage.ts";
import { TableState } from "../table/table-state.ts";
import { openTable } from "../table/create-table.ts";
import type { HudiTable } from "../table/table.ts";
import { useFixture } from "../testing/fixture.ts";
import { METER_COLUMNS, type MeterRow, meterSql, meterTable } from "../testing/meter-table.ts";
import { systemClock } from "@gridlake/kernel";
import { candidateFiles } from "./candidates.ts";
import { withChange } from "./change.ts";

const fixture = useFixture();
const storage = new LocalStorage();

const INDEXES: [string, TableIndex][] = [
  ["simple", { kind: "simple" }],
  ["bloom", { kind: "bloom", falsePositiveRate: 0.01 }],
  ["bucket", { kind: "bucket", buckets: 3, fields: ["device", "seq"] }],
  ["bucket of a part of the key", { kind: "bucket", buckets: 4, fields: ["device"] }],
];

const stored = async (table: HudiTable) =>
  (await fixture.rows(
    `SELECT device, seq::INT AS seq, day, energy_wh::INT AS energy_wh FROM ${await table.snapshotSql()} ORDER BY ALL`,
  )) as unknown as MeterRow[];

const shuffled = (from: number, count: number) =>
  `SELECT 'm' || (i * 7919 % 50) AS device, i AS seq, '2026-01-01' AS day, i AS energy_wh FROM range(${from}, ${from + count}) r(i)`;
const inTwoDays = (from: number, count: number) =>
  `SELECT 'm' || i % 40 AS device, i AS seq, '2026-01-0' || (1 + i % 2) AS day, i AS energy_wh FROM range(${from}, ${from + count}) r(i)`;

interface Step {
  operation: "upsert" | "bulk_insert" | "insert_overwrite";
  upserts: MeterRow[];
  deletes: MeterRow[];
  reopens: boolean;
}

const row = fc.record({
  device: fc.constantFrom("a", "b", "é:😀", "M7"),
  seq: fc.integer({ min: -3, max: 12 }),
  day: fc.constantFrom("2026-01-01", "2026-01-02", null),
  energy_wh: fc.integer({ min: 0, max: 9 }),
});
const keyOf = ({ device, seq, day }: Pick<MeterRow, "device" | "seq" | "day">) => `${day}/${device}/${seq}`;
const rows = fc.uniqueArray(row, { selector: keyOf, maxLength: 8 });
const step: fc.Arbitrary<Step> = fc.record({
  operation: fc.constantFrom("upsert", "upsert", "upsert", "bulk_insert", "insert_overwrite"),
  upserts: rows,
  deletes: rows,
  reopens: fc.boolean(),
});

/** Carries a step out on the table and on what it should hold. */
async function take(table: HudiTable, { operation, upserts, deletes }: Step, holds: Map<string, MeterRow>) {
  // inserts are trusted to be new
  const given = operation === "bulk_insert" ? upserts.filter((one) => !holds.has(keyOf(one))) : upserts;
  const gone = operation === "upsert" ? deletes : [];
  const days = new Set(given.map(({ day }) => day));
  if (operation === "insert_overwrite") {
    for (const [key, { day }] of holds) if (days.has(day)) holds.delete(key);
  }
  for (const one of gone) holds.delete(keyOf(one));
  for (const one of given) holds.set(keyOf(one), one);
  await table.commit({
    connection: fixture.connection,
    operation,
    upserts: { sql: meterSql(given) },
    ...(gone.length > 0 ? { deletes: { sql: `SELECT device, seq, day FROM (${meterSql(gone)})` } } : {}),
  });
}

const byAll = (a: MeterRow, b: MeterRow) => (keyOf(a) < keyOf(b) ? -1 : 1);

describe.each(INDEXES)("with the index %s", (_, index) => {
  it("a table holds what was written to it, whatever the order of writes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
        const path = fixture.path();
        let table = await meterTable(storage, path, { index });
        const holds = new Map<string, MeterRow>();
        for (const one of steps) {
          await take(table, one, holds);
          if (one.reopens) table = await openTable(storage, path);
        }
        expect((await stored(table)).toSorted(byAll)).toEqual([...holds.values()].toSorted(byAll));
      }),
      { numRuns: 6 },
    );
  });

  it("every file that has a key of the change is a candidate", async () => {
    const path = fixture.path();
    const table = await meterTable(storage, path, { index });
    const { connection } = fixture;
    for (let i = 0; i < 6; i += 1) {
      await table.commit({ connection, operation: "bulk_insert", upserts: { sql: shuffled(i * 500, 500) } });
    }
    const state = await TableState.open(storage, path, systemClock);
    const latest = state.view.latest(state.timeline, {});
    for (const asked of ["i % 997 = 3", "i BETWEEN 700 AND 705", "i = 1234", "i > 2000 AND i % 100 = 0"]) {
      const sql = `SELECT * FROM (${shuffled(0, 3000)}) WHERE ${asked.replaceAll("i ", "seq ")}`;
      const found = await withChange(
        state,
        { connection, operation: "upsert", upserts: { sql } },
        async ({ upserts }) => {
          const [partition] = upserts?.partitions ?? [];
          return partition && upserts
            ? candidateFiles(state, latest, { connection, staged: upserts, partition })
            : [];
        },
      );
      const having = await fixture.rows(
        `SELECT DISTINCT _hoodie_file_name AS f FROM ${await table.snapshotSql({ columns: ["_hoodie_file_name", "seq"] })}
         WHERE ${asked.replaceAll("i ", "seq ")} ORDER BY 1`,
      );
      expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(having.map((one) => one["f"])));
      expect(found.length).toBeGreaterThanOrEqual(having.length);
    }
  });
});

it("a bloom filter keeps files out whose ranges would have let keys in", async () => {
  const path = fixture.path();
  const index = { kind: "bloom" as const, falsePositiveRate: 1e-6 };
  const table = await meterTable(storage, path, { index });
  const { connection } = fixture;
  for (let i = 0; i < 4; i += 1) {
    // each file's keys lie in the same range
    const sql = `SELECT 'm' || i AS device, i * 4 + ${i} AS seq, '2026-01-01' AS day, i AS energy_wh FROM range(1000) r(i)`;
    await table.commit({ connection, operation: "bulk_insert", upserts: { sql } });
  }
  const state = await TableState.open(storage, path, systemClock);
  const latest = state.view.latest(state.timeline, {});
  const candidates = (keys: { device: string; seq: number }[]) =>
    withChange(
      state,
      {
        connection,
        operation: "upsert",
        upserts: { sql: meterSql(keys.map((key) => ({ ...key, day: "2026-01-01", energy_wh: 0 }))) },
      },
      async ({ upserts }) => {
        const [partition] = upserts?.partitions ?? [];
        if (!partition || !upserts) throw new Error("nothing was staged");
        return candidateFiles(state, latest, { connection, staged: upserts, partition });
      },
    );
  expect(await candidates([{ device: "m7", seq: 7 * 4 + 2 }])).toEqual([
    expect.objectContaining({ instant: latest.map(({ instant }) => instant).sort()[2] }),
  ]);
  expect(
    await candidates([
      { device: "m8", seq: 9 },
      { device: "m500", seq: 501 },
    ]),
  ).toEqual([]);
});

it("a bucket has one file group per partition, and every row of it lies there", async () => {
  const path = fixture.path();
  const index = { kind: "bucket" as const, buckets: 5, fields: ["device", "seq"] };
  const table = await meterTable(storage, path, { index });
  const { connection } = fixture;
  await table.commit({ connection, operation: "bulk_insert", upserts: { sql: inTwoDays(0, 300) } });
  await table.commit({ connection, operation: "insert", upserts: { sql: inTwoDays(300, 300) } });
  const { stats } = await table.commit({
    connection,
    operation: "upsert",
    upserts: { sql: inTwoDays(500, 200) },
  });
  expect(stats).toMatchObject({ updates: 100, inserts: 100, files: 10 });
  const bucket = bucketSql({ columns: table.schema(), recordKey: ["device", "seq"], index }, "s");
  const groups = await fixture.rows(
    `SELECT day, left(_hoodie_file_name, 8)::INT AS named, ${bucket} AS bucket, count(DISTINCT _hoodie_file_name)::INT AS files
     FROM ${await table.snapshotSql({ columns: ["_hoodie_file_name", "device", "seq", "day"] })} s GROUP BY ALL`,
  );
  expect(groups).toHaveLength(10);
  expect(groups.filter((one) => one["named"] !== one["bucket"] || one["files"] !== 1)).toEqual([]);
});

describe("refusals", () => {
  it.each([
    ["a rate that is none", { kind: "bloom" as const, falsePositiveRate: 1 }],
    ["no buckets", { kind: "bucket" as const, buckets: 0, fields: ["device"] }],
    ["a bucket of a column that is no key", { kind: "bucket" as const, buckets: 4, fields: ["energy_wh"] }],
    ["a bucket of nothing", { kind: "bucket" as const, buckets: 4, fields: [] }],
  ])("of %s", async (_, index) => {
    await expect(meterTable(storage, fixture.path(), { index })).rejects.toMatchObject({
      code: "HUDI_INDEX",
    });
  });

  it("of keys that engines would take apart differently", async () => {
    const index = { kind: "bucket" as const, buckets: 4, fields: ["device"] };
    const table = await meterTable(storage, fixture.path(), { index });
    const sql = `SELECT ${sqlText("a,b")} AS device, 1::BIGINT AS seq, '2026-01-01' AS day, 1::BIGINT AS energy_wh`;
    await expect(
      table.commit({ connection: fixture.connection, operation: "insert", upserts: { sql } }),
    ).rejects.toMatchObject({ code: "HUDI_KEY_BUCKET" });
  });

  it("of a write to a table whose buckets are made in another way", async () => {
    const table = await meterTable(storage, fixture.path(), {
      columns: METER_COLUMNS,
      index: { kind: "bucket", buckets: 4, fields: ["device"] },
      properties: { "hoodie.index.bucket.engine": "CONSISTENT_HASHING" },
    });
    const sql = meterSql([{ device: "a", seq: 1, day: "2026-01-01", energy_wh: 1 }]);
    await expect(
      table.commit({ connection: fixture.connection, operation: "upsert", upserts: { sql } }),
    ).rejects.toMatchObject({ code: "HUDI_TABLE_UNSUPPORTED" });
  });
});
