import {
  columnLineage,
  type ColumnEdge,
  type Model,
  ModelGraph,
  type ModelSet,
  type ModelTest,
  seedsOf,
} from "../ir/index.ts";
import { maintain, type MaintainedModel } from "../plan/maintenance.ts";
import { unitOf } from "../plan/unit.ts";

export interface ColumnDescription {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly unit: string | null;
  readonly description: string;
  /** The columns that its values are made of, one step back. */
  readonly from: readonly { readonly table: string; readonly column: string; readonly influence: string }[];
}

/** A model as it is told to people and programs: its header, what the plan makes of it, and its place among others. */
export interface ModelDescription {
  readonly name: string;
  readonly layer: string;
  readonly file: string;
  readonly description: string;
  readonly owner: string;
  readonly tags: readonly string[];
  readonly key: readonly string[];
  readonly ordering: readonly string[];
  readonly partition: string | null;
  readonly freshnessMs: number | null;
  readonly live: boolean;
  readonly topics: readonly string[];
  readonly inputs: readonly string[];
  readonly seeds: readonly string[];
  readonly readers: readonly string[];
  readonly columns: readonly ColumnDescription[];
  readonly tests: readonly string[];
  /** How it follows its inputs' changes. */
  readonly maintenance: { readonly kind: MaintainedModel["maintenance"]["kind"]; readonly words: string };
  readonly fingerprint: string;
}

export function describeModel(set: ModelSet, model: Model): ModelDescription {
  const { name } = model;
  const edges = columnLineage(model);
  return {
    name,
    layer: model.layer,
    file: model.file,
    description: model.description,
    owner: model.owner,
    tags: model.tags,
    key: model.key,
    ordering: model.ordering,
    partition: model.partition,
    freshnessMs: model.freshnessMs,
    live: model.live,
    topics: model.topics,
    inputs: model.inputs,
    seeds: seedsOf(model),
    readers: new ModelGraph(set).children(name),
    columns: model.columns.map((column) => ({ ...column, from: sourcesOf(edges, column.name) })),
    tests: model.tests.map(testText),
    maintenance: maintenanceOf(model),
    fingerprint: model.fingerprint,
  };
}

function sourcesOf(edges: readonly ColumnEdge[], column: string): ColumnDescription["from"] {
  return edges
    .filter(({ to }) => to.column === column)
    .map(({ from, influence }) => ({ table: from.source.name, column: from.column, influence }));
}

/** `not_null(a, b)`, `range(a, 0..9)`, `relation(a → dim_x.a)`, as a header writes them. */
export function testText(test: ModelTest): string {
  switch (test.kind) {
    case "notNull":
      return `not_null(${test.columns.join(", ")})`;
    case "unique":
      return `unique(${test.columns.join(", ")})`;
    case "range":
      return `range(${test.column}, ${test.min ?? ""}..${test.max ?? ""})`;
    case "relation":
      return `relation(${test.column} → ${test.to.model}.${test.to.column})`;
  }
}

function maintenanceOf(model: Model): ModelDescription["maintenance"] {
  const { maintenance } = maintain(model);
  return { kind: maintenance.kind, words: wordsOf(model, maintenance) };
}

function wordsOf(model: Model, maintenance: MaintainedModel["maintenance"]): string {
  if (model.topics.length > 0) return "the topic's lines are taken in once and kept";
  switch (maintenance.kind) {
    case "project":
      return "a change passes through, row by row";
    case "aggregate":
      return maintenance.retractable
        ? "partial aggregates of a change are merged into the groups"
        : "partial aggregates of a change are merged into the groups; a MIN or MAX that may have gone is computed again";
    case "latest":
      return "the best of a change competes with the row that holds the place";
    case "recompute": {
      const { columns } = unitOf(model);
      return columns.length === 0
        ? "the whole table is computed again"
        : `what a change touches is computed again, by ${columns.join(", ")}`;
    }
  }
}
