import { type Model, type ModelSet, type TableEdge, tableLineage } from "../ir/index.ts";

interface Drawn {
  nodes: readonly { id: string; label: string; layer: string }[];
  edges: readonly { from: string; to: string }[];
}

/** The models, the topics and seeds that they read, and the edges between them; other models are left out. */
function drawn(set: ModelSet, models: readonly Model[]): Drawn {
  const names = new Set(models.map(({ name }) => name));
  const edges = tableLineage(set).filter(
    ({ from, to }) => names.has(to) && (from.kind !== "model" || names.has(from.name)),
  );
  const sources = edges.flatMap(({ from }) =>
    from.kind === "model" ? [] : [{ id: idOf(from), label: from.name, layer: from.kind }],
  );
  return {
    nodes: [
      ...new Map(sources.map((source) => [source.id, source])).values(),
      ...models.map(({ name, layer }) => ({ id: name, label: name, layer })),
    ],
    edges: edges.map(({ from, to }) => ({ from: idOf(from), to })),
  };
}

function idOf({ kind, name }: TableEdge["from"]): string {
  return kind === "model" ? name : `${kind}_${name}`;
}

/** Whether it stands for no model: a topic, a seed. */
function isSource(layer: string): boolean {
  return layer === "topic" || layer === "seed";
}

/** A flowchart of Mermaid, which Markdown viewers draw. Topics and seeds are round. */
export function mermaid(set: ModelSet, models: readonly Model[]): string {
  const { nodes, edges } = drawn(set, models);
  return [
    "flowchart LR",
    ...nodes.map(({ id, label, layer }) => `  ${id}${shape(label, layer)}`),
    ...edges.map(({ from, to }) => `  ${from} --> ${to}`),
    "",
  ].join("\n");
}

function shape(label: string, layer: string): string {
  return isSource(layer) ? `(["${label}"])` : `["${label}"]`;
}

/** A digraph of Graphviz. Topics and seeds are round. */
export function dot(set: ModelSet, models: readonly Model[]): string {
  const { nodes, edges } = drawn(set, models);
  return [
    "digraph models {",
    "  rankdir=LR; node [shape=box];",
    ...nodes.map(
      ({ id, label, layer }) =>
        `  ${quoted(id)} [label=${quoted(label)}${isSource(layer) ? ", shape=oval" : ""}];`,
    ),
    ...edges.map(({ from, to }) => `  ${quoted(from)} -> ${quoted(to)};`),
    "}",
    "",
  ].join("\n");
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', String.raw`\"`)}"`;
}
