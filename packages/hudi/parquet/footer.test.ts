import { copyFile, truncate, writeFile } from "node:fs/promises";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { useFixture } from "../testing/fixture.ts";
import { editFooter, keyValues, readFooter, setKeyValues, stripIntegerAnnotations } from "./footer.ts";
import { encodeStruct } from "./thrift-compact.ts";

const fixture = useFixture();

/** A file of three row groups and every kind of column that has an annotation. */
async function sample(): Promise<string> {
  const path = `${fixture.path()}.parquet`;
  await fixture.connection.run(
    `COPY (SELECT i, i::INTEGER AS "weird ""name"" i", -i AS "$%", i::DECIMAL(12,3) AS d, 'text ' || i AS t,
             TIMESTAMPTZ '2026-01-01 00:00:00Z' + to_seconds(i) AS ts, DATE '2026-01-01' AS day, i % 2 = 0 AS b
           FROM range(6000) r(i)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
  );
  return path;
}

const schemaOf = (path: string) =>
  fixture.rows(`SELECT name, type, converted_type, logical_type FROM parquet_schema('${path}') OFFSET 1`);

it("takes the annotation off the integers and nothing else, and every row stays", async () => {
  const path = await sample();
  const edited = `${fixture.path()}.parquet`;
  await copyFile(path, edited);
  await editFooter(edited, stripIntegerAnnotations);
  const before = await schemaOf(path);
  expect(before.filter((column) => /^INT_(32|64)$/.test(String(column["converted_type"])))).toHaveLength(3);
  expect(await schemaOf(edited)).toEqual(
    before.map((column) =>
      /^INT_(32|64)$/.test(String(column["converted_type"]))
        ? { ...column, converted_type: null, logical_type: null }
        : column,
    ),
  );
  expect(await fixture.rows(`(FROM '${path}' EXCEPT ALL FROM '${edited}')`)).toEqual([]);
  expect(await fixture.rows(`SELECT count(*)::INT AS n, typeof(any_value(i)) AS t FROM '${edited}'`)).toEqual(
    [{ n: 6000, t: "BIGINT" }],
  );
  // what DuckDB prunes row groups by is untouched
  expect(await fixture.rows(`SELECT t FROM '${edited}' WHERE i = 5999`)).toEqual([{ t: "text 5999" }]);
});

it("writes back byte for byte a footer it did not change", async () => {
  const path = await sample();
  const footer = await readFooter(path);
  const [{ size } = {}] = await fixture.rows(
    `SELECT footer_size::INT AS size FROM parquet_file_metadata('${path}')`,
  );
  expect(encodeStruct(footer).length).toBe(size);
});

it("carries any key-value pairs, the later in place of the earlier", async () => {
  const path = await sample();
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { minKeys: 1 }),
      async (pairs) => {
        await editFooter(path, (footer) => setKeyValues(footer, pairs));
        const found = keyValues(await readFooter(path));
        for (const [key, value] of Object.entries(pairs)) {
          expect(found.get(key)).toBe(Buffer.from(value).toString("utf8"));
        }
      },
    ),
    { numRuns: 20 },
  );
  expect(await fixture.rows(`SELECT count(*)::INT AS n FROM '${path}'`)).toEqual([{ n: 6000 }]);
});

it("refuses a file that is cut or is no Parquet, naming it", async () => {
  const path = await sample();
  await truncate(path, 1000);
  await expect(readFooter(path)).rejects.toMatchObject({ code: "HUDI_FOOTER_CORRUPT", details: { path } });
  await writeFile(path, "PAR1");
  await expect(readFooter(path)).rejects.toMatchObject({ code: "HUDI_FOOTER_CORRUPT" });
});
