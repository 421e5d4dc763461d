import { batchSql, docsPages, type Model, type ModelSet } from "@gridlake/pipeline";

export const DIALECTS = ["duckdb", "docs"] as const;
export type Dialect = (typeof DIALECTS)[number];

export interface CompiledFile {
  /** Where it stands in a folder of its dialect, with `/`. */
  path: string;
  text: string;
}

/** What a dialect makes of models: one file each, and with `docs` a page that lists them. */
export function compileModels(
  set: ModelSet,
  models: readonly Model[],
  dialect: Dialect,
): readonly CompiledFile[] {
  switch (dialect) {
    case "docs":
      return docsPages(set, models).map(({ path, markdown }) => ({ path, text: markdown }));
    case "duckdb":
      return models.map((model) => ({ path: model.file, text: duckdbText(model) }));
  }
}

/** A view of the model's batch query over its inputs, which carry their own names. */
function duckdbText(model: Model): string {
  const query = batchSql(
    model,
    ({ source }) => `"${source.kind === "topic" ? `topic_${source.name}` : source.name}"`,
  );
  return `CREATE OR REPLACE VIEW "${model.name}" AS\n${query};\n`;
}
