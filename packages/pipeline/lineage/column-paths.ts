import { columnLineage, type ColumnEdge, type ModelSet } from "../ir/index.ts";

/** A column as lineage names it: of a model, a topic or a seed. */
export interface ColumnName {
  readonly source: { readonly kind: "model" | "topic" | "seed"; readonly name: string };
  readonly column: string;
}

/** What one column is made of, one step back, and what each of these is made of. */
export interface ColumnTree extends ColumnName {
  /** How it takes part in the column above; null at the root. */
  readonly influence: ColumnEdge["influence"] | null;
  readonly from: readonly ColumnTree[];
}

/** The columns whose values a column is made of, back to the topics; what only chooses rows is left out. */
export function columnTree(set: ModelSet, model: string, column: string): ColumnTree {
  const edges = new Map(set.models.map((one) => [one.name, columnLineage(one)]));
  const treeOf = (name: ColumnName, influence: ColumnTree["influence"]): ColumnTree => ({
    ...name,
    influence,
    from: (name.source.kind === "model" ? (edges.get(name.source.name) ?? []) : [])
      .filter(({ to }) => to.column === name.column)
      .map(({ from, influence: how }) => treeOf(from, how)),
  });
  return treeOf({ source: { kind: "model", name: model }, column }, null);
}

/** The columns of other models that a column's values go into, however many steps away. */
export function columnReaders(set: ModelSet, model: string, column: string): ColumnName[] {
  const found = new Map<string, ColumnName>();
  const next = new Map<string, ColumnName[]>();
  for (const one of set.models) {
    for (const { from, to } of columnLineage(one)) {
      if (to.column === null || from.source.kind !== "model") continue;
      const key = `${from.source.name}.${from.column}`;
      const reader: ColumnName = { source: { kind: "model", name: to.model }, column: to.column };
      next.set(key, [...(next.get(key) ?? []), reader]);
    }
  }
  const visit = (key: string): void => {
    for (const reader of next.get(key) ?? []) {
      const name = `${reader.source.name}.${reader.column}`;
      if (found.has(name)) continue;
      found.set(name, reader);
      visit(name);
    }
  };
  visit(`${model}.${column}`);
  return [...found.values()];
}
