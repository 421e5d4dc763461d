import { batchSql } from "../dialect/duckdb/batch.ts";
import { ident } from "../dialect/duckdb/quote.ts";
import { LAYERS, type Model, ModelGraph, type ModelSet } from "../ir/index.ts";
import { mermaid } from "../lineage/index.ts";
import { describeModel, type ModelDescription } from "./description.ts";

export interface DocsPage {
  /** Within the site's folder, with `/`. */
  readonly path: string;
  readonly markdown: string;
}

const MINUTE_MS = 60_000;

/** The docs site of these models: a page a model, and one that lists them. */
export function docsPages(set: ModelSet, models: readonly Model[] = set.models): DocsPage[] {
  const described = models.map((model) => describeModel(set, model));
  const shown = new Set(models.map(({ name }) => name));
  return [
    { path: "README.md", markdown: indexPage(set, described) },
    ...models.map((model, at) => ({
      path: `${model.layer}/${model.name}.md`,
      markdown: modelPage(set, model, described[at] as ModelDescription, shown),
    })),
  ];
}

function indexPage(set: ModelSet, described: readonly ModelDescription[]): string {
  const parts = LAYERS.flatMap((layer) => {
    const ofLayer = described.filter((one) => one.layer === layer);
    if (ofLayer.length === 0) return [];
    const rows = ofLayer.map((one) => [
      `[${one.name}](${one.layer}/${one.name}.md)`,
      firstSentence(one.description),
      one.owner,
    ]);
    return [`## ${layer}`, table(["model", "one row is", "owner"], rows)];
  });
  const models = described.flatMap(({ name }) => set.byName.get(name) ?? []);
  return page("Models", [...parts, "## Lineage", fenced("mermaid", mermaid(set, models))]);
}

function modelPage(set: ModelSet, model: Model, one: ModelDescription, shown: ReadonlySet<string>): string {
  const link = (name: string): string => {
    const target = set.byName.get(name);
    return target !== undefined && shown.has(name)
      ? `[${name}](../${target.layer}/${name}.md)`
      : `\`${name}\``;
  };
  const graph = new ModelGraph(set);
  const near = graph.ancestors([model.name]).union(graph.descendants([model.name], 1));
  const facts = [
    ["file", `\`models/${one.file}\``],
    ["owner", one.owner],
    ["tags", one.tags.join(", ") || "none"],
    ["key", one.key.map(code).join(", ")],
    ["ordering", one.ordering.map(code).join(", ") || "none"],
    ["partition", one.partition === null ? "none" : `day of ${code(one.partition)}`],
    ["freshness", one.freshnessMs === null ? "no promise" : spanText(one.freshnessMs)],
    ["live", one.live ? "changes are published" : "no"],
    [
      "made of",
      [
        ...one.topics.map((topic) => `topic \`${topic}\``),
        ...one.seeds.map((seed) => `seed \`${seed}\``),
        ...one.inputs.map(link),
      ].join(", "),
    ],
    ["read by", one.readers.map(link).join(", ") || "none"],
    ["kept up to date", one.maintenance.words],
  ];
  const columns = one.columns.map((column) => [
    code(column.name),
    column.type + (column.nullable ? "" : ", never NULL"),
    column.unit ?? "",
    column.description,
    column.from
      .map(({ table: from, column: of, influence }) => `${code(`${from}.${of}`)} ${influence}`)
      .join("; "),
  ]);
  return page(one.name, [
    one.description.trim(),
    table(["", ""], facts),
    "## Columns",
    table(["column", "type", "unit", "meaning", "made of"], columns),
    "## Tests",
    one.tests.length === 0 ? "None." : one.tests.map((test) => `- ${code(test)}`).join("\n"),
    "## Lineage",
    fenced(
      "mermaid",
      mermaid(
        set,
        set.models.filter(({ name }) => near.has(name)),
      ),
    ),
    "## Formula",
    "As one batch over its inputs, in DuckDB's SQL:",
    fenced(
      "sql",
      batchSql(model, ({ source }) => ident(source.name)),
    ),
  ]);
}

function page(title: string, parts: readonly string[]): string {
  return `${[`# ${title}`, ...parts].map((part) => part.trim()).join("\n\n")}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function line(cells: readonly string[]): string {
  const escaped = cells.map((cell) => cell.replaceAll("|", String.raw`\|`).replaceAll("\n", " "));
  return `| ${escaped.join(" | ")} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trim()}\n\`\`\``;
}

function firstSentence(text: string): string {
  return /^[^]*?[.:](?=\s|$)/.exec(text.trim())?.[0].replace(/:$/, ".") ?? text.trim();
}

function spanText(ms: number): string {
  return ms < MINUTE_MS ? `${ms / 1_000} s` : `${ms / MINUTE_MS} min`;
}
