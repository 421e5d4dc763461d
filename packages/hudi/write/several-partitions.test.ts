import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { createTable, openTable } from "../table/create-table.ts";
import type { HudiTable } from "../table/table.ts";
import type { TableDefinition, TableType, TableVersion } from "../table/table-config.ts";
import { useFixture } from "../testing/fixture.ts";

const fixture = useFixture();
const storage = new LocalStorage();

const DEFINITION: TableDefinition = {
  name: "meter",
  columns: [
    { name: "device", type: "VARCHAR", nullable: false },
    { name: "region", type: "VARCHAR" },
    { name: "day", type: "VARCHAR" },
    { name: "energy_wh", type: "BIGINT" },
  ],
  recordKey: ["device"],
  partition: ["region", "day"],
  ordering: null,
};

type Place = [region: string | null, day: string | null];
const text = (value: string | null) => (value === null ? "NULL::VARCHAR" : `'${value}'`);
const rows = (energy: number, places: readonly Place[], device = "a") =>
  places
    .map(
      ([region, day]) =>
        `SELECT '${device}' AS device, ${text(region)} AS region, ${text(day)} AS day, ${energy}::BIGINT AS energy_wh`,
    )
    .join(" UNION ALL ");
const held = async (table: HudiTable, options = {}) =>
  (await fixture.rows(`SELECT * FROM ${await table.snapshotSql(options)}`))
    .map(({ device, region, day, energy_wh }) => `${region}/${day} ${device} ${energy_wh}`)
    .sort();
const folders = async (path: string) => {
  const names = await readdir(path, { recursive: true });
  return names
    .filter((name) => name.endsWith(".hoodie_partition_metadata"))
    .map((name) => name.slice(0, -27))
    .sort();
};

const KINDS = (["COPY_ON_WRITE", "MERGE_ON_READ"] as TableType[]).flatMap((type) =>
  ([6, 8, 9] as TableVersion[]).flatMap((version) =>
    [true, false].map((hiveStyle) => ({ type, version, hiveStyle })),
  ),
);
const ALL: Place[] = [
  ["north", "2026-01-01"],
  ["north", "2026-01-02"],
  ["south", "2026-01-01"],
  ["a/b", null],
  [null, "2026-01-01"],
];

describe.each(KINDS)(
  "partitions of two columns: $type of version $version, hive style $hiveStyle",
  (kind) => {
    it("are written by every operation, the same key in each of its own", async () => {
      const path = fixture.path();
      const { connection } = fixture;
      const table = await createTable(storage, path, { ...DEFINITION, ...kind });
      await table.commit({ connection, operation: "bulk_insert", upserts: { sql: rows(1, ALL) } });
      const names = ["north/2026-01-01", "north/2026-01-02", "south/2026-01-01"];
      const all = [...names, "a%2Fb/__HIVE_DEFAULT_PARTITION__", "__HIVE_DEFAULT_PARTITION__/2026-01-01"];
      const hive = all.map((name) => name.replace("/", "/day=").replace(/^/, "region="));
      expect(await folders(path)).toEqual((kind.hiveStyle ? hive : all).sort());

      // of one key, in one partition and in all
      await table.commit({
        connection,
        operation: "upsert",
        upserts: {
          sql: rows(2, [
            ["north", "2026-01-02"],
            ["a/b", null],
          ]),
        },
        deletes: { sql: "SELECT 'a' AS device, NULL::VARCHAR AS region, '2026-01-01' AS day" },
      });
      const now = ["a/b/null a 2", "north/2026-01-01 a 1", "north/2026-01-02 a 2", "south/2026-01-01 a 1"];
      for (const one of [table, await openTable(storage, path)]) expect(await held(one)).toEqual(now);
      await table.commit({
        connection,
        operation: "insert",
        upserts: { sql: rows(3, [["north", "2026-01-01"]], "b") },
      });
      if (kind.type === "MERGE_ON_READ") expect((await table.compact({ connection })).groups).not.toEqual([]);
      const inserted = [...now, "north/2026-01-01 b 3"].sort();
      expect(await held(await openTable(storage, path))).toEqual(inserted);

      // what a folder tells is not looked for in files
      for (const [filters, wanted] of [
        [[["region", "=", "north"]], inserted.filter((row) => row.startsWith("north"))],
        [[["day", "=", "2026-01-02"]], ["north/2026-01-02 a 2"]],
      ] as const) {
        const slices = await table.snapshotSql({ filters });
        expect(slices).not.toContain("south");
        const [[column, , value]] = filters;
        const where = `SELECT * FROM ${slices} WHERE ${column} = '${value}'`;
        expect((await fixture.rows(where)).length).toBe(wanted.length);
      }

      await table.commit({
        connection,
        operation: "insert_overwrite",
        upserts: { sql: rows(4, [["north", "2026-01-01"]], "c") },
      });
      const { partitions } = await table.deletePartitions([
        ["a/b", null],
        ["south", "none"],
      ]);
      expect(partitions).toBe(1);
      const left = ["north/2026-01-01 c 4", "north/2026-01-02 a 2", "south/2026-01-01 a 1"];
      expect(await held(await openTable(storage, path))).toEqual(left);
      await table.commit({
        connection,
        operation: "insert",
        upserts: { sql: rows(5, [["south", "2026-01-01"]], "d") },
        sizing: { smallFileBytes: 0 },
      });
      const south = kind.hiveStyle ? "region=south/day=2026-01-01" : "south/2026-01-01";
      const { groups } = await table.cluster({ connection, sortBy: ["device"], partitions: [south] });
      expect(groups).toMatchObject([{ partition: south, filesIn: 2, filesOut: 1 }]);
      await table.clean({ retainCommits: 1 });
      expect(await held(await openTable(storage, path))).toEqual([...left, "south/2026-01-01 d 5"].sort());
    });
  },
);

it("are named whole where they are deleted", async () => {
  const table = await createTable(storage, fixture.path(), DEFINITION);
  for (const wrong of ["north", null, ["north"], ["north", "d", "e"]]) {
    await expect(table.deletePartitions([wrong])).rejects.toMatchObject({ code: "HUDI_PARTITION_VALUE" });
  }
});
