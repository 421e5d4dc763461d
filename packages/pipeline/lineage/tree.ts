import { ModelGraph, type ModelSet, tableLineage } from "../ir/index.ts";
import type { ColumnTree } from "./column-paths.ts";

/** A name with what hangs below it. */
interface Branch {
  label: string;
  branches: readonly Branch[];
}

/** A model's inputs back to the topics and seeds, and below them its readers; what was shown once is not unfolded again. */
export function modelTreeText(set: ModelSet, name: string): string {
  const graph = new ModelGraph(set);
  const edges = tableLineage(set);
  const upward = (of: string): readonly string[] =>
    edges
      .filter(({ to }) => to === of)
      .map(({ from }) => (from.kind === "model" ? from.name : `${from.kind} ${from.name}`));
  const branchOf = (of: string, next: (name: string) => readonly string[], shown: Set<string>): Branch => {
    const hanging = next(of);
    if (shown.has(of) && hanging.length > 0) return { label: `${of} …`, branches: [] };
    shown.add(of);
    return { label: of, branches: hanging.map((one) => branchOf(one, next, shown)) };
  };
  const inputs = branchOf(name, upward, new Set());
  const readers = branchOf(name, (of) => graph.children(of), new Set());
  return `${name}\n${below(inputs, "is made of")}${below(readers, "is read by")}`;
}

function below({ branches }: Branch, word: string): string {
  return branches.length === 0 ? "" : ` ${word}\n${text(branches, " ")}`;
}

/** What a column is made of, back to the topics. */
export function columnTreeText(tree: ColumnTree): string {
  const branchOf = ({ source, column, influence, from }: ColumnTree): Branch => {
    const how = influence === null || influence === "identity" ? "" : ` (${influence})`;
    const where = source.kind === "model" ? source.name : `${source.kind} ${source.name}`;
    return { label: `${where}.${column}${how}`, branches: from.map(branchOf) };
  };
  const root = branchOf(tree);
  return `${root.label}\n${text(root.branches, "")}`;
}

function text(branches: readonly Branch[], indent: string): string {
  return branches
    .map((branch, at) => {
      const isLast = at === branches.length - 1;
      const own = `${indent}${isLast ? "└─ " : "├─ "}${branch.label}\n`;
      return own + text(branch.branches, `${indent}${isLast ? "   " : "│  "}`);
    })
    .join("");
}
