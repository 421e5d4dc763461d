import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { LocalStorage, openTable } from "@gridlake/hudi";
import type { Model } from "@gridlake/pipeline";

/** How many rows two lakes of the same models differ in, and the models that do. */
export async function differences(
  models: readonly Model[],
  lakes: { ours: string; theirs: string },
): Promise<{ rows: number; models: readonly string[] }> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const differing: string[] = [];
  let rows = 0;
  for (const model of models) {
    const names = model.columns.map(({ name }) => `"${name}"`).join(", ");
    const of = async (lake: string): Promise<string> => {
      const table = await openTable(new LocalStorage(), join(lake, model.layer, model.name));
      return table.schema().length === 0 ? "" : `(SELECT ${names} FROM ${await table.snapshotSql()})`;
    };
    const [ours, theirs] = [await of(lakes.ours), await of(lakes.theirs)];
    if (ours === "" && theirs === "") continue;
    const count = async (sql: string): Promise<number> =>
      Number((await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM ${sql}`)).getRows()[0]?.[0]);
    const found =
      ours === "" || theirs === ""
        ? await count(ours || theirs)
        : await count(
            `((FROM ${ours} EXCEPT ALL FROM ${theirs}) UNION ALL (FROM ${theirs} EXCEPT ALL FROM ${ours}))`,
          );
    rows += found;
    if (found > 0) differing.push(model.name);
  }
  connection.closeSync();
  instance.closeSync();
  return { rows, models: differing };
}
