import type { TableDefinition } from "@gridlake/hudi";
import type { Lab } from "../lab.ts";
import type { Scenario } from "../scenario.ts";
import { FEW_READ_MODES, METADATA_ON } from "../table-options.ts";

const COLUMNS: TableDefinition["columns"] = [
  { name: "id", type: "BIGINT", nullable: false },
  { name: "version", type: "BIGINT" },
  { name: "text", type: "VARCHAR" },
  { name: "small", type: "INTEGER" },
  { name: "real4", type: "FLOAT" },
  { name: "real8", type: "DOUBLE" },
  { name: "flag", type: "BOOLEAN" },
  { name: "day", type: "DATE" },
  { name: "instant", type: "TIMESTAMPTZ" },
  { name: "wall", type: "TIMESTAMP" },
  { name: "dec4", type: "DECIMAL(4,1)" },
  { name: "dec9", type: "DECIMAL(9,3)" },
  { name: "dec18", type: "DECIMAL(18,6)" },
  { name: "dec38", type: "DECIMAL(38,10)" },
  { name: "bytes", type: "BLOB" },
  { name: "numbers", type: "INTEGER[]" },
  { name: "point", type: 'STRUCT("x" DOUBLE, "label" VARCHAR, "cost" DECIMAL(10,2))' },
  { name: "points", type: 'STRUCT("x" DOUBLE, "tags" VARCHAR[])[]' },
  { name: "counts", type: "MAP(VARCHAR, BIGINT)" },
];

/** Rows [from, to) and one of NULLs and one of extremes at `to`. */
function rows({ from, to, version }: { from: number; to: number; version: number }): string {
  const columns = COLUMNS.map(({ name }) => name);
  const nulls = columns.slice(2).map(() => "NULL");
  return `
  SELECT i AS id, ${version}::BIGINT AS version, 'текст ☃ ' || i AS text, (i - 5)::INTEGER AS small, (i / 7)::FLOAT AS real4,
    -i / 3 AS real8, i % 3 = 0 AS flag, DATE '1969-12-25' + i::INTEGER AS day,
    TIMESTAMPTZ '1969-12-31 23:59:55.999999Z' + to_microseconds(i * 1000001) AS instant,
    TIMESTAMP '1969-12-31 23:59:55.999999' + to_microseconds(i * 1000001) AS wall,
    ((i - 5) * 1.1)::DECIMAL(4,1) AS dec4, ((i - 5) * 1.001)::DECIMAL(9,3) AS dec9,
    ((i - 5) * 123456.654321)::DECIMAL(18,6) AS dec18, ((i - 5)::DECIMAL(38,10) * 1234567890123456) AS dec38, ('bin' || i)::BLOB AS bytes,
    [i::INTEGER, ${version}] AS numbers, {'x': i / 2, 'label': 'p' || i, 'cost': (i * 1.25)::DECIMAL(10,2)} AS point,
    [{'x': i / 4, 'tags': ['a', 'b' || i]}, {'x': NULL, 'tags': []}] AS points,
    MAP {'a': i, 'b': NULL} AS counts
  FROM range(${from}, ${to}) r(i)
  UNION ALL SELECT ${to}, ${version}, ${nulls.join(", ")}
  UNION ALL SELECT ${to} + 1000, ${version}, '', -2147483648, 'inf'::FLOAT, 1.7976931348623157e308, false, DATE '9999-12-31',
    TIMESTAMPTZ '9999-12-31 23:59:59Z', TIMESTAMP '0001-01-01 00:00:00', -999.9, -999999.999, 999999999999.999999,
    -9999999999999999999999999999.9999999999, ''::BLOB, [], {'x': NULL, 'label': NULL, 'cost': NULL}, [], MAP {}`;
}

/** Every column type through every writer: a rewrite by the other must change no value that it does not mean to. */
export function types(name: string, more: Partial<TableDefinition>): Scenario {
  return {
    name: `types, ${name}`,
    shows: "values of every column type survive our writes and Spark's rewrites",
    async run(lab) {
      await lab.create({
        name: "types",
        columns: COLUMNS,
        recordKey: ["id"],
        partition: null,
        ordering: null,
        ...more,
      });
      await lab.weWrite({ upserts: rows({ from: 0, to: 20, version: 1 }) });
      await bothSee(lab, "ours");
      await lab.sparkUpserts(rows({ from: 3, to: 8, version: 2 }), METADATA_ON);
      await bothSee(lab, "after Spark");
      await lab.weWrite({ upserts: rows({ from: 6, to: 12, version: 3 }), deletes: "SELECT 1 AS id" });
      await bothSee(lab, "after us");
    },
  };
}

const FILTERS = ["dec9 > 1.5", "instant >= TIMESTAMP '1970-01-01 00:00:05'", "day < DATE '1970-01-01'"];

/** hudi-rs 0.5 reads no nested columns. */
async function bothSee(lab: Lab, what: string): Promise<void> {
  await lab.weSeeWhatIsExpected(what);
  await lab.sparkSeesWhatWeSee(what, { filters: FILTERS, modes: FEW_READ_MODES });
}
