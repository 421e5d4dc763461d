import type { ModelSet } from "./model.ts";

/** Which model reads which, to be walked both ways. */
export class ModelGraph {
  readonly #parents = new Map<string, readonly string[]>();
  readonly #children = new Map<string, string[]>();

  constructor({ models }: Pick<ModelSet, "models">) {
    for (const { name, inputs } of models) {
      this.#parents.set(name, inputs);
      this.#children.set(name, this.#children.get(name) ?? []);
      for (const input of inputs) this.#children.set(input, [...(this.#children.get(input) ?? []), name]);
    }
  }

  /** The models that it reads, by name. */
  parents(name: string): readonly string[] {
    return this.#parents.get(name) ?? [];
  }

  /** The models that read it, by name. */
  children(name: string): readonly string[] {
    return (this.#children.get(name) ?? []).toSorted();
  }

  /** The models below which these stand, themselves among them, at most `depth` edges away. */
  ancestors(names: Iterable<string>, depth = Number.POSITIVE_INFINITY): Set<string> {
    return walk(names, depth, (name) => this.parents(name));
  }

  /** The models that are made of these, themselves among them, at most `depth` edges away. */
  descendants(names: Iterable<string>, depth = Number.POSITIVE_INFINITY): Set<string> {
    return walk(names, depth, (name) => this.children(name));
  }
}

/** Level by level, so that each is met by its shortest way. */
function walk(
  names: Iterable<string>,
  depth: number,
  next: (name: string) => readonly string[],
): Set<string> {
  const met = new Set(names);
  let level = [...met];
  for (let step = 0; step < depth && level.length > 0; step += 1) {
    level = level.flatMap(next).filter((name) => {
      if (met.has(name)) return false;
      met.add(name);
      return true;
    });
  }
  return met;
}
