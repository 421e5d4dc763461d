import * as fc from "fast-check";
import { expect, it } from "vitest";
import { sqlText } from "../schema/sql-text.ts";
import { formatType, parseType } from "../schema/type.ts";
import { dataType } from "../testing/arbitrary-type.ts";
import { useFixture } from "../testing/fixture.ts";
import { fileColumns } from "./file-columns.ts";
import { readFooter } from "./footer.ts";

const fixture = useFixture();

it("finds the columns of a file as DuckDB finds them", async () => {
  const types = fc.sample(dataType(), { numRuns: 60, seed: 11 });
  const path = `${fixture.path()}.parquet`;
  const list = types.map((type, i) => `CAST(NULL AS ${formatType(type)}) AS c${i}`);
  await fixture.connection.run(`COPY (SELECT ${list.join(", ")}) TO ${sqlText(path)} (FORMAT parquet)`);
  const described = await fixture.rows(`DESCRIBE FROM read_parquet(${sqlText(path)})`);
  expect(fileColumns(await readFooter(path)).map(({ name, type }) => [name, parseType(type)])).toEqual(
    described.map((row) => [row["column_name"], parseType(String(row["column_type"]))]),
  );
});
