import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { TableIndex } from "../index/index-kind.ts";
import { LocalStorage } from "../storage/local/storage.ts";
import type { HudiTable } from "../table/table.ts";
import { useFixture } from "../testing/fixture.ts";
import { type MeterRow, meterSql, meterTable } from "../testing/meter-table.ts";

// With changes of many partitions at once, whose files are all small, every commit here is one batch.

const fixture = useFixture();
const storage = new LocalStorage();

const DAYS = ["d1", "d2", "d3", "d/4", "d'5", "d6", null];
const keyOf = ({ device, seq, day }: MeterRow) => `${day}/${device}/${seq}`;
const row = fc.record({
  device: fc.constantFrom("a", "b"),
  seq: fc.integer({ min: 0, max: 3 }),
  day: fc.constantFrom(...DAYS),
  energy_wh: fc.integer({ min: 0, max: 9 }),
});
const rows = fc.uniqueArray(row, { selector: keyOf, maxLength: 30 });

const noted = (some: MeterRow[], seq: number) =>
  `SELECT * REPLACE (${seq}::BIGINT AS seq), 'n' || ${seq} AS note FROM (${meterSql(some)})`;
const text = (some: object[]) => some.map((one) => JSON.stringify(one)).sort();
const stored = async (table: HudiTable) =>
  (await fixture.rows(
    `SELECT device, seq::INT AS seq, day, energy_wh::INT AS energy_wh FROM ${await table.snapshotSql()}`,
  )) as unknown as MeterRow[];
const sorted = (all: Iterable<MeterRow>) => [...all].map((one) => `${keyOf(one)}=${one.energy_wh}`).sort();

it.each<[string, TableIndex]>([
  ["without", { kind: "simple" }],
  ["with", { kind: "bucket", buckets: 2, fields: ["device", "seq"] }],
])("writes what the changes come to, and says how many, %s buckets", async (_, index) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ upserts: rows, deletes: rows }), { minLength: 2, maxLength: 4 }),
      async (steps) => {
        const table = await meterTable(storage, fixture.path(), { index, ordering: "energy_wh" });
        const holds = new Map<string, MeterRow>();
        for (const { upserts, deletes } of steps) {
          const before = new Map(holds);
          const upserted = new Set(upserts.map(keyOf));
          const gone = deletes.filter((one) => holds.has(keyOf(one)) && !upserted.has(keyOf(one)));
          for (const one of gone) holds.delete(keyOf(one));
          for (const one of upserts) {
            if ((holds.get(keyOf(one))?.energy_wh ?? -1) <= (one.energy_wh ?? 0)) holds.set(keyOf(one), one);
          }
          const { stats } = await table.commit({
            connection: fixture.connection,
            operation: "upsert",
            upserts: { sql: meterSql(upserts) },
            deletes: { sql: `SELECT device, seq, day FROM (${meterSql(deletes)})` },
          });
          const won = upserts.filter((one) => holds.get(keyOf(one)) === one);
          expect(stats).toMatchObject({
            inserts: won.filter((one) => !before.has(keyOf(one))).length,
            updates: won.filter((one) => before.has(keyOf(one))).length,
            deletes: gone.length,
          });
        }
        expect(sorted(await stored(table))).toEqual(sorted(holds.values()));
      },
    ),
    { numRuns: 12 },
  );
});

it("writes a file of which every row went, and goes on with it", async () => {
  const table = await meterTable(storage, fixture.path());
  const all = DAYS.map((day): MeterRow => ({ device: "a", seq: 1, day, energy_wh: 1 }));
  const commit = (upserts: MeterRow[], deletes: MeterRow[]) =>
    table.commit({
      connection: fixture.connection,
      operation: "upsert",
      upserts: { sql: meterSql(upserts) },
      deletes: { sql: `SELECT device, seq, day FROM (${meterSql(deletes)})` },
    });
  await commit(all, []);
  expect((await commit([], all)).stats).toMatchObject({ deletes: 7, files: 7 });
  expect(await stored(table)).toEqual([]);
  await commit(all, []);
  expect(await stored(table)).toHaveLength(7);
});

it("gives each file its own meta columns", async () => {
  const table = await meterTable(storage, fixture.path());
  const all = DAYS.map((day): MeterRow => ({ device: "a", seq: 1, day, energy_wh: 1 }));
  const { instant } = await table.commit({
    connection: fixture.connection,
    operation: "insert",
    upserts: { sql: meterSql(all) },
  });
  const columns = [
    "day",
    "_hoodie_commit_time",
    "_hoodie_commit_seqno",
    "_hoodie_partition_path",
    "_hoodie_file_name",
  ];
  const found = await fixture.rows(
    `SELECT *, _hoodie_partition_path || '/' || _hoodie_file_name AS path FROM ${await table.snapshotSql({ columns })}`,
  );
  const paths = (await (await table.timeline())[0]?.metadata())?.partitionToWriteStats ?? {};
  const written = Object.values(paths)
    .flat()
    .map((stat) => stat.path);
  expect(found.map((one) => one["path"]).sort()).toEqual(written.sort());
  expect(new Set(found.map((one) => one["_hoodie_commit_seqno"])).size).toBe(7);
  expect(new Set(found.map((one) => one["_hoodie_commit_time"]))).toEqual(new Set([instant]));
});

it("reads predecessors that were written before a column came, and after", async () => {
  const table = await meterTable(storage, fixture.path());
  const { connection } = fixture;
  const all = DAYS.map((day): MeterRow => ({ device: "a", seq: 1, day, energy_wh: 1 }));
  const upsert = (sql: string) => table.commit({ connection, operation: "upsert", upserts: { sql } });
  await upsert(meterSql(all));
  await table.evolve({ add: [{ name: "note", type: "VARCHAR" }] });
  await upsert(noted(all.slice(0, 3), 2));
  await upsert(noted(all, 3));
  const found = await fixture.rows(
    `SELECT day, seq::INT AS seq, note FROM ${await table.snapshotSql()} ORDER BY ALL`,
  );
  const expected = DAYS.flatMap((day, i) => [
    { day, seq: 1, note: null },
    ...(i < 3 ? [{ day, seq: 2, note: "n2" }] : []),
    { day, seq: 3, note: "n3" },
  ]);
  expect(text(found)).toEqual(text(expected));
});
