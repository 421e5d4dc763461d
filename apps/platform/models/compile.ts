import {
  batchSql,
  compileFlink,
  docsPages,
  flinkScript,
  type Model,
  type ModelSet,
} from "@gridlake/pipeline";

export const DIALECTS = ["duckdb", "flink", "docs"] as const;
export type Dialect = (typeof DIALECTS)[number];

/** Where a Flink job finds its inputs and the lake, and whose days it reckons in. */
export interface FlinkPlace {
  kafka: string;
  lake: string;
  timeZone: string;
}

export interface CompiledFile {
  /** Where it stands in a folder of its dialect, with `/`. */
  path: string;
  text: string;
}

/** What a dialect makes of models: one file each, with `docs` also a page that lists them; of `flink` the one job. */
export function compileModels(
  set: ModelSet,
  models: readonly Model[],
  dialect: Dialect,
  place: FlinkPlace,
): readonly CompiledFile[] {
  switch (dialect) {
    case "docs":
      return docsPages(set, models).map(({ path, markdown }) => ({ path, text: markdown }));
    case "flink":
      return [{ path: "job.sql", text: flinkText(set, models, place) }];
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

/** One job that keeps these models, and those that they are made of, as a script for Flink's SQL client. */
function flinkText(set: ModelSet, models: readonly Model[], { kafka, lake, timeZone }: FlinkPlace): string {
  return flinkScript(
    compileFlink(set, {
      name: "gridlake",
      timeZone,
      kafka: { bootstrapServers: kafka },
      lake: { path: lake },
      models: models.map(({ name }) => name),
    }),
  );
}
