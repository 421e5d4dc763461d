import { INPUTS, modelFile, TOPICS } from "../dialect/duckdb/inputs.fixture.ts";
import type { Model } from "../ir/index.ts";
import { checkModels, describeProblem } from "../model/index.ts";

/** A model over `dim_fact` (k, g, n, x, s, b, ts) and `dim_group` (g, w, l); key and columns are separated by blanks. */
export async function modelOf(key: string, columns: string, sql: string): Promise<Model> {
  const file = modelFile("dws_one", key.split(" "), columns.split(" "), sql);
  const { set, problems } = await checkModels([...INPUTS, file], TOPICS);
  const model = set.byName.get("dws_one");
  if (model === undefined) throw new Error(problems.map(describeProblem).join("\n"));
  return model;
}
