import { expect, it } from "vitest";
import { editFooter } from "../parquet/footer.ts";
import { foreignColumn } from "../testing/foreign-column.ts";
import { useFixture } from "../testing/fixture.ts";
import { META_COLUMNS } from "./column.ts";
import { readParquet, sqlText } from "./sql-text.ts";
import { declareStored, storedRowsSql } from "./stored-type.ts";

const fixture = useFixture();
const META = META_COLUMNS.map((name) => `NULL::VARCHAR AS ${name}`).join(", ");

it.each([
  ["timestamp-millis", "TIMESTAMP WITH TIME ZONE", "2026-01-02 03:04:05.678+00", 1],
  ["local-timestamp-millis", "TIMESTAMP", "2026-01-02 03:04:05.678", 0],
])("what another engine declared in ms is stored in ms: %s", async (logicalType, type, text, utc) => {
  const column = foreignColumn({ type: "long", logicalType });
  const path = `${fixture.path()}.parquet`;
  const rows = `SELECT ${META}, '${text}'::${type} AS c`;
  await fixture.connection.run("SET TimeZone = 'Asia/Shanghai'");
  await fixture.connection.run(
    `COPY (${storedRowsSql([column], rows)}) TO ${sqlText(path)} (FORMAT parquet)`,
  );
  await fixture.connection.run("SET TimeZone = 'UTC'");
  await editFooter(path, (footer) => declareStored(footer, [column]));
  expect(await fixture.rows(`SELECT c, typeof(c) AS t FROM ${readParquet([path])}`)).toEqual([
    { c: text, t: type },
  ]);
  const [schema] = await fixture.rows(
    `SELECT converted_type AS c, logical_type AS l FROM parquet_schema(${sqlText(path)}) WHERE name = 'c'`,
  );
  expect(schema?.["c"]).toBe("TIMESTAMP_MILLIS");
  expect(String(schema?.["l"])).toContain(`isAdjustedToUTC=${utc}`);
});
