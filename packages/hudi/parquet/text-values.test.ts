import { expect, it } from "vitest";
import { useFixture } from "../testing/fixture.ts";
import { textValues } from "./text-values.ts";

const fixture = useFixture();

async function texts(path: string, groups?: { from: number; to: number }): Promise<string[]> {
  const found: string[] = [];
  for await (const page of textValues(path, "t", groups)) {
    for (let at = 0; at < page.length;) {
      const end = at + 4 + page.readUInt32LE(at);
      found.push(page.toString("utf8", at + 4, end));
      at = end;
    }
  }
  return found;
}

it.each([
  ["a dictionary", 50],
  ["none", 1_000_000],
])("gives every value of a column with %s, and no null", async (_, distinct) => {
  const path = `${fixture.path()}.parquet`;
  await fixture.connection.run(
    `COPY (SELECT i, CASE WHEN i % 10 = 0 THEN NULL ELSE 'größe ' || i % ${distinct} END AS t FROM range(9000) r(i))
     TO '${path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)`,
  );
  const valuesOf = async (where: string) =>
    (await fixture.rows(`SELECT DISTINCT t FROM '${path}' WHERE t IS NOT NULL AND ${where} ORDER BY 1`)).map(
      (row) => row["t"],
    );
  expect([...new Set(await texts(path))].sort()).toEqual(await valuesOf("true"));
  expect([...new Set(await texts(path, { from: 1, to: 2 }))].sort()).toEqual(
    await valuesOf("i >= 2048 AND i < 4096"),
  );
});
