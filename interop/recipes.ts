import { rm } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { createTable, type HudiTable, LocalStorage, openTable, type TableDefinition } from "@gridlake/hudi";

/** A table of ours, made from its recipe in an empty folder, for other engines to read. */
export interface Recipe {
  name: string;
  /** What it is to show. */
  shows: string;
  make(kitchen: Kitchen): Promise<void>;
  /** Filters that the other engine is to push down; the rows that match must all come. */
  filters?: readonly (readonly [column: string, operator: string, value: string])[];
}

export class Kitchen {
  readonly connection: DuckDBConnection;
  readonly path: string;
  readonly storage = new LocalStorage();

  constructor(connection: DuckDBConnection, path: string) {
    this.connection = connection;
    this.path = path;
  }

  create(definition: TableDefinition): Promise<HudiTable> {
    return createTable(this.storage, this.path, definition);
  }

  async upsert(table: HudiTable, upserts: string, deletes?: string): Promise<string> {
    const { instant } = await table.commit({
      connection: this.connection,
      operation: "upsert",
      upserts: { sql: upserts },
      ...(deletes !== undefined && { deletes: { sql: deletes } }),
      sizing: { maxFileBytes: 60_000, smallFileBytes: 20_000 },
    });
    return instant;
  }

  /** As if the writer had died just before it completed this commit. */
  async kill(instant: string): Promise<void> {
    await rm(`${this.path}/.hoodie/${instant}.commit`);
  }
}

const TYPES: TableDefinition = {
  name: "types",
  columns: [
    { name: "id", type: "BIGINT", nullable: false },
    { name: "text", type: "VARCHAR" },
    { name: "small", type: "INTEGER" },
    { name: "real", type: "FLOAT" },
    { name: "real2", type: "DOUBLE" },
    { name: "flag", type: "BOOLEAN" },
    { name: "day", type: "DATE" },
    { name: "ts", type: "TIMESTAMPTZ" },
    { name: "dec9", type: "DECIMAL(9,3)" },
    { name: "dec18", type: "DECIMAL(18,6)" },
    { name: "dec38", type: "DECIMAL(38,10)" },
    { name: "bytes", type: "BLOB" },
  ],
  recordKey: ["id"],
  partition: null,
  ordering: null,
};

const typeRows = (from: number, to: number, shift: number) => `
  SELECT i AS id, 'текст ☃ ' || (i + ${shift}) AS text, (i - 50 + ${shift})::INTEGER AS small, (i / 7)::FLOAT AS real, -i / 3 AS real2,
    i % 3 = 0 AS flag, DATE '1969-12-25' + i::INTEGER AS day, TIMESTAMPTZ '1969-12-31 23:59:59.999999Z' + to_microseconds(i * 1000001) AS ts,
    ((i - 50) * 1.001)::DECIMAL(9,3) AS dec9, ((i - 50) * 123456.654321)::DECIMAL(18,6) AS dec18,
    ((i - 50)::DECIMAL(38,10) * 1234567890123456) AS dec38, ('bin' || i)::BLOB AS bytes
  FROM range(${from}, ${to}) r(i)
  UNION ALL SELECT ${to}, ${"NULL, ".repeat(10)} NULL
  UNION ALL SELECT ${to} + 1, '', -2147483648, 'inf'::FLOAT, 1.7976931348623157e308, false, DATE '9999-12-31', TIMESTAMPTZ '9999-12-31 23:59:59Z',
    -999999.999, 999999999999.999999, -9999999999999999999999999999.9999999999, ''::BLOB`;

const METER: TableDefinition = {
  name: "meter",
  databaseName: "grid",
  columns: [
    { name: "device", type: "VARCHAR", nullable: false },
    { name: "seq", type: "BIGINT", nullable: false },
    { name: "region", type: "VARCHAR" },
    { name: "energy_wh", type: "BIGINT", doc: "cumulative register, Wh" },
  ],
  recordKey: ["device", "seq"],
  partition: "region",
  ordering: "energy_wh",
};

const REGIONS = "['north', 'a/b', 'x=1', 'Zürich 中文', '100%', 'it''s', NULL]";
const meterRows = (from: number, to: number, energy: string) => `
  SELECT 'M' || (i % 10) AS device, i AS seq, (${REGIONS})[1 + i % 7] AS region, (${energy})::BIGINT AS energy_wh
  FROM range(${from}, ${to}) r(i)`;
const meterKeys = (from: number, to: number, step: number) =>
  `SELECT device, seq, region FROM (${meterRows(from, to, "0")}) WHERE seq % ${step} = 0`;

export const RECIPES: readonly Recipe[] = [
  {
    name: "types",
    shows: "every column type, nulls and extremes; a BIGINT key; no partitions; updates and deletes",
    async make(kitchen) {
      const table = await kitchen.create(TYPES);
      await kitchen.upsert(table, typeRows(0, 100, 0));
      await kitchen.upsert(table, typeRows(40, 120, 1000), "SELECT i AS id FROM range(0, 40, 3) r(i)");
    },
    filters: [["id", ">=", "90"]],
  },
  {
    name: "meter",
    shows: "partition values of every kind; a complex key; an ordering field; several files in a partition",
    async make(kitchen) {
      const table = await kitchen.create(METER);
      await kitchen.upsert(table, meterRows(0, 40_000, "hash(i) % 1000000"));
      await kitchen.upsert(
        table,
        meterRows(30_000, 50_000, "hash(i + 1) % 1000000"),
        meterKeys(0, 20_000, 5),
      );
      await kitchen.upsert(table, meterRows(0, 100, "2000000"), meterKeys(30_000, 50_000, 11));
    },
    filters: [["region", "=", "north"]],
  },
  {
    name: "cleaned",
    shows: "a table after cleans, with the commits that they retain",
    async make(kitchen) {
      const table = await kitchen.create({ ...METER, ordering: null });
      for (let i = 0; i < 8; i += 1) {
        await kitchen.upsert(table, meterRows(i * 500, i * 500 + 1_000, `i + ${i}`));
        if (i % 3 === 2) await table.clean({ retainCommits: 2 });
      }
    },
  },
  {
    name: "died",
    shows: "a commit whose writer died, unseen while it lies there",
    async make(kitchen) {
      const table = await kitchen.create(METER);
      await kitchen.upsert(table, meterRows(0, 1_000, "1"));
      await kitchen.kill(await kitchen.upsert(table, meterRows(0, 2_000, "2")));
    },
  },
  {
    name: "rolled-back",
    shows: "the same once the next writer has rolled it back and gone on",
    async make(kitchen) {
      const table = await kitchen.create(METER);
      await kitchen.upsert(table, meterRows(0, 1_000, "1"));
      await kitchen.kill(await kitchen.upsert(table, meterRows(0, 2_000, "2")));
      await kitchen.upsert(await openTable(kitchen.storage, kitchen.path), meterRows(500, 1_500, "3"));
    },
  },
  {
    name: "archived",
    shows: "rows of archived instants, whose base files are older than the active timeline",
    async make(kitchen) {
      const table = await kitchen.create({ ...METER, ordering: null });
      for (let i = 0; i < 8; i += 1)
        await kitchen.upsert(table, meterRows(i * 700, i * 700 + 1_000, `i + ${i}`));
      await table.clean({ retainCommits: 4 });
      await table.archive({ minInstants: 5, maxInstants: 5 });
    },
  },
  {
    name: "emptied",
    shows: "a file group all of whose rows were deleted",
    async make(kitchen) {
      const table = await kitchen.create({ ...METER, partition: null });
      await kitchen.upsert(table, meterRows(0, 10, "1"));
      await kitchen.upsert(
        table,
        meterRows(0, 0, "1"),
        "SELECT device, seq FROM (" + meterRows(0, 10, "1") + ")",
      );
    },
  },
];
