// OpenLineage 2-0-2: what is told of datasets and jobs, as facets of the published schemas.

import { batchSql } from "../dialect/duckdb/batch.ts";
import { ident } from "../dialect/duckdb/quote.ts";
import { columnLineage, type ColumnEdge, type Model } from "../ir/index.ts";
import type { TestResult } from "../data-tests/run.ts";

export const PRODUCER = "urn:gridlake:pipeline";
const SPEC = "https://openlineage.io/spec";

/** Every facet says who made it and by which schema. */
export interface Facet {
  readonly _producer: string;
  readonly _schemaURL: string;
  readonly [field: string]: unknown;
}
export type Facets = Readonly<Record<string, Facet>>;

function facet(version: string, name: string, fields: Readonly<Record<string, unknown>>): Facet {
  return {
    _producer: PRODUCER,
    _schemaURL: `${SPEC}/facets/${version}/${name}.json#/$defs/${name}`,
    ...fields,
  };
}

export function eventSchema(event: "RunEvent" | "JobEvent" | "DatasetEvent"): string {
  return `${SPEC}/2-0-2/OpenLineage.json#/$defs/${event}`;
}

/** How datasets are named: all in one namespace, topics below `topic/`. */
export interface Naming {
  readonly namespace: string;
}

export function datasetName(source: { kind: "model" | "topic" | "seed"; name: string }): string {
  return source.kind === "topic" ? `topic/${source.name}` : source.name;
}

/** A model's table: its columns, what they are made of, what it means, who answers for it. */
export function datasetFacets(model: Model, naming: Naming): Facets {
  return {
    schema: facet("1-2-0", "SchemaDatasetFacet", {
      fields: model.columns.map(({ name, type, unit, description }, at) => ({
        name,
        type,
        description: unit === null ? description : `${description} [${unit}]`,
        ordinal_position: at + 1,
      })),
    }),
    columnLineage: facet("1-2-0", "ColumnLineageDatasetFacet", lineageFields(model, naming)),
    documentation: facet("1-1-0", "DocumentationDatasetFacet", { description: model.description.trim() }),
    ownership: facet("1-0-1", "OwnershipDatasetFacet", {
      owners: [{ name: model.owner, type: "MAINTAINER" }],
    }),
  };
}

/** The job that keeps the table up to date. */
export function jobFacets(model: Model): Facets {
  return {
    jobType: facet("2-0-4", "JobTypeJobFacet", {
      processingType: "STREAMING",
      integration: "GRIDLAKE",
      jobType: "MODEL",
    }),
    documentation: facet("1-1-0", "DocumentationJobFacet", { description: model.description.trim() }),
    ownership: facet("1-0-1", "OwnershipJobFacet", { owners: [{ name: model.owner, type: "MAINTAINER" }] }),
    sql: facet("1-1-0", "SQLJobFacet", {
      query: batchSql(model, ({ source }) => ident(datasetName(source))),
      dialect: "duckdb",
    }),
  };
}

/** What tests found in a table that they read. */
export function assertionsFacet(results: readonly TestResult[]): Facet {
  return facet("1-1-0", "DataQualityAssertionsDatasetFacet", {
    assertions: results.map(({ test, status, failures }) => {
      const [column, ...others] = test.columns;
      return {
        assertion: ASSERTIONS[test.kind],
        success: status === "pass",
        ...(column !== undefined && others.length === 0 ? { column } : {}),
        severity: test.severity,
        name: test.name,
        description: test.description,
        expected: "0",
        ...(failures === null ? {} : { actual: String(failures) }),
        content: test.sql,
        contentType: "sql",
      };
    }),
  });
}

const ASSERTIONS: Record<TestResult["test"]["kind"], string> = {
  notNull: "not_null",
  unique: "unique",
  range: "range",
  relation: "relationship",
  singular: "custom_sql",
};

export function versionFacet(version: string): Facet {
  return facet("1-0-1", "DatasetVersionDatasetFacet", { datasetVersion: version });
}

export function outputStatistics(rowCount: number): Facet {
  return facet("1-0-2", "OutputStatisticsOutputDatasetFacet", { rowCount });
}

export function engineFacet(engine: { name: string; version: string }): Facet {
  return facet("1-1-1", "ProcessingEngineRunFacet", engine);
}

export function errorFacet(message: string): Facet {
  return facet("1-0-1", "ErrorMessageRunFacet", { message, programmingLanguage: "TypeScript" });
}

const TRANSFORMATIONS: Record<ColumnEdge["influence"], { type: string; subtype: string }> = {
  identity: { type: "DIRECT", subtype: "IDENTITY" },
  transformation: { type: "DIRECT", subtype: "TRANSFORMATION" },
  aggregation: { type: "DIRECT", subtype: "AGGREGATION" },
  join: { type: "INDIRECT", subtype: "JOIN" },
  filter: { type: "INDIRECT", subtype: "FILTER" },
  groupBy: { type: "INDIRECT", subtype: "GROUP_BY" },
  sort: { type: "INDIRECT", subtype: "SORT" },
};

interface InputField {
  namespace: string;
  name: string;
  field: string;
  transformations: { type: string; subtype: string; description: string; masking: boolean }[];
}

function lineageFields(model: Model, naming: Naming): { fields: object; dataset: readonly InputField[] } {
  const edges = columnLineage(model);
  const fields = model.columns.map(({ name }) => [
    name,
    {
      inputFields: inputFields(
        edges.filter(({ to }) => to.column === name),
        naming,
      ),
    },
  ]);
  return {
    fields: Object.fromEntries(fields) as object,
    dataset: inputFields(
      edges.filter(({ to }) => to.column === null),
      naming,
    ),
  };
}

/** Each column once, with every way in which it takes part. */
function inputFields(edges: readonly ColumnEdge[], { namespace }: Naming): InputField[] {
  const found = new Map<string, InputField>();
  for (const { from, influence } of edges) {
    const name = datasetName(from.source);
    const key = `${name}.${from.column}`;
    const field = found.get(key) ?? { namespace, name, field: from.column, transformations: [] };
    field.transformations.push({ ...TRANSFORMATIONS[influence], description: "", masking: false });
    found.set(key, field);
  }
  return [...found.values()];
}
