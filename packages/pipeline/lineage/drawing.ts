import { type ModelSet, type Model, tableLineage } from "../ir/index.ts";

interface Drawn {
  nodes: readonly { id: string; label: string; layer: string }[];
  edges: readonly { from: string; to: string }[];
}

/** The models and the topics and edges between them; what stands outside is left out. */
function drawn(set: ModelSet, models: readonly Model[]): Drawn {
  const names = new Set(models.map(({ name }) => name));
  const edges = tableLineage(set)
    .filter(({ from, to }) => names.has(to) && (from.kind === "topic" || names.has(from.name)))
    .map(({ from, to }) => ({ from: from.kind === "topic" ? `topic_${from.name}` : from.name, to }));
  const topics = [...new Set(models.flatMap((model) => model.topics))].map((name) => ({
    id: `topic_${name}`,
    label: name,
    layer: "topic",
  }));
  return {
    nodes: [...topics, ...models.map(({ name, layer }) => ({ id: name, label: name, layer }))],
    edges,
  };
}

/** A flowchart of Mermaid, which Markdown viewers draw. Topics are round. */
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
  return layer === "topic" ? `(["${label}"])` : `["${label}"]`;
}

/** A digraph of Graphviz. Topics are round. */
export function dot(set: ModelSet, models: readonly Model[]): string {
  const { nodes, edges } = drawn(set, models);
  return [
    "digraph models {",
    "  rankdir=LR; node [shape=box];",
    ...nodes.map(
      ({ id, label, layer }) =>
        `  ${quoted(id)} [label=${quoted(label)}${layer === "topic" ? ", shape=oval" : ""}];`,
    ),
    ...edges.map(({ from, to }) => `  ${quoted(from)} -> ${quoted(to)};`),
    "}",
    "",
  ].join("\n");
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', String.raw`\"`)}"`;
}
