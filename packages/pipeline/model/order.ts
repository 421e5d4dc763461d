import type { ParsedModel } from "./model.ts";
import type { ModelProblem } from "./problem.ts";

/** Inputs before those who read them, among equals by name; models of a cycle are left out, with one problem for each cycle. */
export function inOrder(parsed: ReadonlyMap<string, ParsedModel>): {
  ordered: ParsedModel[];
  cycles: ModelProblem[];
} {
  const ordered: ParsedModel[] = [];
  const cycles: ModelProblem[] = [];
  const state = new Map<string, "open" | "done" | "cyclic">();
  const visit = (name: string, path: readonly string[]): void => {
    const one = parsed.get(name);
    if (one === undefined || state.has(name)) return;
    state.set(name, "open");
    for (const { source, location } of one.sources) {
      if (source.kind !== "model") continue;
      if (state.get(source.name) !== "open") {
        visit(source.name, [...path, name]);
        continue;
      }
      const loop = [...path, name].slice([...path, name].indexOf(source.name));
      for (const member of loop) state.set(member, "cyclic");
      cycles.push({
        code: "MODEL_CYCLE",
        construct: `ref('${source.name}')`,
        message: `${[...loop, source.name].join(" → ")} goes round`,
        remedy: "let one of them read an earlier model",
        file: one.file.path,
        ...one.file.positionOf(location),
      });
    }
    if (state.get(name) === "cyclic") return;
    state.set(name, "done");
    ordered.push(one);
  };
  for (const name of [...parsed.keys()].sort()) visit(name, []);
  return { ordered, cycles };
}
