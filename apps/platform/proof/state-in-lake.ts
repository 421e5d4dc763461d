import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { TOPICS } from "@gridlake/contracts";
import { emptyRelation, loadModels, viewLake } from "@gridlake/pipeline";
import { dataDirectory } from "../data-directory.ts";
import { MODELS_DIR } from "../models-dir.ts";

/**
 * Of a stopped platform, per model the rows that only its engine's database or only its lake has; models that agree
 * are left out.
 */
export async function stateWithoutLake(dataDir: string): Promise<{ model: string; rows: number }[]> {
  const { lake, root } = dataDirectory(dataDir);
  const { models } = await loadModels(MODELS_DIR, TOPICS);
  const view = await viewLake({ lakeDir: lake, models, columns: "model" });
  const instance = await DuckDBInstance.create(join(root, "engine/pipeline.duckdb"), {
    access_mode: "READ_ONLY",
  });
  const differing: { model: string; rows: number }[] = [];
  try {
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    for (const { model, relation } of view.tables) {
      const columns = model.columns.map(({ name }) => `"${name}"`).join(", ");
      const state = `SELECT ${columns} FROM main."${model.name}"`;
      const kept = `SELECT ${columns} FROM ${relation ?? emptyRelation(model)}`;
      const reader = await connection.runAndReadAll(
        `SELECT count(*)::INTEGER FROM ((${state} EXCEPT ALL ${kept}) UNION ALL (${kept} EXCEPT ALL ${state}))`,
      );
      const rows = Number(reader.getRows()[0]?.[0]);
      if (rows > 0) differing.push({ model: model.name, rows });
    }
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
  return differing;
}
