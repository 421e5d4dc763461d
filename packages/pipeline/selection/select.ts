import { GridlakeError } from "@gridlake/kernel";
import { ModelGraph } from "../ir/graph.ts";
import type { Model, ModelSet } from "../ir/index.ts";
import { parseSelection, type Selection, type SelectionTerm } from "./grammar.ts";

/**
 * The models that a selection names, inputs before the models that read them. No `select` is all of them.
 * @throws MODEL_SELECTION_INVALID, MODEL_SELECTION_UNKNOWN when a term of either fits no model
 */
export function selectModels(
  set: ModelSet,
  { select = [], exclude = [] }: { select?: readonly string[]; exclude?: readonly string[] },
): readonly Model[] {
  const graph = new ModelGraph(set);
  const wanted = parseSelection(select);
  const chosen = wanted.length === 0 ? new Set(set.byName.keys()) : namesIn(wanted, set, graph);
  const left = namesIn(parseSelection(exclude), set, graph);
  return set.models.filter(({ name }) => chosen.has(name) && !left.has(name));
}

function namesIn(selection: Selection, set: ModelSet, graph: ModelGraph): Set<string> {
  const union = new Set<string>();
  for (const terms of selection) {
    const parts = terms.map((term) => expand(term, graph, seedsOf(term, set)));
    const [first = new Set<string>(), ...others] = parts;
    for (const name of first) if (others.every((other) => other.has(name))) union.add(name);
  }
  return union;
}

/** What a term's operators make of the models that its method names. */
function expand(term: SelectionTerm, graph: ModelGraph, seeds: readonly string[]): Set<string> {
  if (term.closed) return graph.ancestors(graph.descendants(seeds));
  return graph.ancestors(seeds, term.ancestors).union(graph.descendants(seeds, term.descendants));
}

function seedsOf(term: SelectionTerm, set: ModelSet): readonly string[] {
  const fits = fitting(term);
  const seeds = set.models.filter(fits).map(({ name }) => name);
  if (seeds.length > 0) return seeds;
  throw new GridlakeError("MODEL_SELECTION_UNKNOWN", `${term.text} fits no model`, {
    remedy: remedyOf(term, set),
    details: { term: term.text },
    status: 404,
  });
}

/** Whether a model is one of those that the method names. */
function fitting({ method, value }: SelectionTerm): (model: Model) => boolean {
  const same = wildcards(value);
  switch (method) {
    case "name":
      // as in dbt, a folder names what is in it
      return ({ name, layer }) => same(name) || same(layer) || same(`${layer}.${name}`);
    case "layer":
      return ({ layer }) => same(layer);
    case "tag":
      return ({ tags }) => tags.some(same);
    case "owner":
      return ({ owner }) => same(owner);
    case "path": {
      const within = wildcards(`${value.replace(/\/+$/, "")}/*`);
      return ({ file }) => same(file) || same(file.slice(file.lastIndexOf("/") + 1)) || within(file);
    }
    case "topic":
      return ({ topics }) => topics.some(same);
    case "column":
      return ({ columns }) => columns.some(({ name }) => same(name));
    case "live":
      return ({ live }) => same(String(live));
  }
}

/** `dws_*` → whether a text begins so; `*` is any text, `?` any character. */
function wildcards(pattern: string): (text: string) => boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  const whole = new RegExp(`^${escaped.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`);
  return (text) => whole.test(text);
}

function remedyOf({ method, value }: SelectionTerm, { models }: ModelSet): string {
  if (method !== "name") return "./gridlake models ls shows the models with their layers and owners";
  const near = models.map(({ name }) => name).filter((name) => name.includes(value.replaceAll(/[*?]/g, "")));
  const shown = (near.length > 0 ? near : models.map(({ name }) => name)).slice(0, 10);
  return `there is ${shown.join(", ")}${models.length > shown.length ? " …" : ""}`;
}
