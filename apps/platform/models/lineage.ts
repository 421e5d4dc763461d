import {
  columnLineage,
  type ColumnName,
  type ColumnTree,
  columnTreeText,
  designEvents,
  dot,
  mermaid,
  type Model,
  type ModelSet,
  modelTreeText,
  tableLineage,
} from "@gridlake/pipeline";

export const LINEAGE_FORMS = ["tree", "json", "mermaid", "dot", "openlineage"] as const;
export type LineageForm = (typeof LINEAGE_FORMS)[number];

/** Of the events that are written without a platform; a running one has its own in lineage.namespace. */
const NAMESPACE = "gridlake";

interface Wish {
  form: LineageForm;
  models: readonly Model[];
  /** Of one column of the one model. */
  column?: { tree: ColumnTree; readers: readonly ColumnName[] };
}

export function writeLineage(set: ModelSet, wish: Wish): string {
  switch (wish.form) {
    case "tree":
      return wish.column === undefined
        ? wish.models.map(({ name }) => modelTreeText(set, name)).join("\n")
        : columnText(wish.column);
    case "json":
      return `${JSON.stringify(plain(set, wish), null, 2)}\n`;
    case "openlineage":
      return designEvents(set, wish.models, { namespace: NAMESPACE, eventTime: new Date().toISOString() })
        .map((event) => `${JSON.stringify(event)}\n`)
        .join("");
    case "mermaid":
      return mermaid(set, wish.models);
    case "dot":
      return dot(set, wish.models);
  }
}

function columnText({ tree, readers }: NonNullable<Wish["column"]>): string {
  const lines = readers.map(({ source, column }) => `  ${source.name}.${column}\n`);
  return `${columnTreeText(tree)}${lines.length === 0 ? "" : `goes into\n${lines.join("")}`}`;
}

function plain(set: ModelSet, { models, column }: Wish): object {
  if (column !== undefined) return column;
  const names = new Set(models.map(({ name }) => name));
  return {
    models: models.map(({ name, layer }) => ({ name, layer })),
    tables: tableLineage(set).filter(({ to }) => names.has(to)),
    columns: models.flatMap(columnLineage),
  };
}
