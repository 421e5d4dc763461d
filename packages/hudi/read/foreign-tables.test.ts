// Tables written by other engines, each with what that engine reads from it. Their recipes stand beside them, in interop/fixtures.

import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { sqlNames } from "../schema/sql-text.ts";
import { openTable } from "../table/create-table.ts";
import type { HudiTable } from "../table/table.ts";
import { useFixture } from "../testing/fixture.ts";
import { unzip } from "../testing/zip.ts";

const FIXTURES = join(import.meta.dirname, "../../../interop/fixtures");
const NAMES = readdirSync(FIXTURES)
  .filter((file) => file.endsWith(".zip"))
  .map((file) => basename(file, ".zip"));

const fixture = useFixture();

/** What the other engine was asked, and what came; its rows are those of `expected.parquet` with this `read`. */
interface Read {
  rows: number;
  columns: string[];
}

test.for(NAMES)("%s: we see what its writer sees", async (name) => {
  const folder = fixture.path();
  await unzip(await readFile(join(FIXTURES, `${name}.zip`)), folder);
  const reads = JSON.parse(await readFile(join(folder, "expected.json"), "utf8")) as Record<string, Read>;
  const table = await openTable(new LocalStorage(), join(folder, "table"));
  expect(Object.keys(reads)).toContain("snapshot");
  for (const [read, { rows, columns }] of Object.entries(reads)) {
    // Spark gives no columns for an empty answer
    const asked = columns.length > 0 ? columns : ["_hoodie_record_key"];
    const ours = await relationOf(table, read, asked);
    const theirs = `(SELECT ${columns.length > 0 ? sqlNames(columns) : "_hoodie_record_key"}
      FROM '${folder}/expected.parquet' WHERE read = '${read}')`;
    const found = await fixture.rows(`
      SELECT '${read}' AS read, (SELECT count(*) FROM ${ours})::INTEGER AS rows,
        (SELECT coalesce(list(r), []) FROM (FROM ${ours} EXCEPT ALL FROM ${theirs}) r) AS extra,
        (SELECT coalesce(list(r), []) FROM (FROM ${theirs} EXCEPT ALL FROM ${ours}) r) AS missing`);
    expect.soft(found).toEqual([{ read, rows, extra: [], missing: [] }]);
  }
});

function relationOf(table: HudiTable, read: string, columns: readonly string[]): Promise<string> {
  const [, kind, first = "", second = ""] =
    /^(snapshot|read_optimized|as_of|incremental)(?:_(\d+)(?:_(\d+))?)?$/.exec(read) ?? [];
  if (kind === "as_of") return table.snapshotSql({ columns, asOf: first });
  if (kind === "incremental") return table.incrementalSql({ columns, after: first, upTo: second });
  return kind === "read_optimized" ? table.readOptimizedSql({ columns }) : table.snapshotSql({ columns });
}
