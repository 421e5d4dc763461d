import { GridlakeError } from "@gridlake/kernel";
import type { Engine } from "./engine.ts";

/**
 * The engines wanted and those they need, each after what it needs or uses; all of them when none is named.
 * @throws CLUSTER_UNKNOWN_ENGINE
 */
export function startOrder(engines: readonly Engine[], wanted: readonly string[] = []): Engine[] {
  const byName = new Map(engines.map((engine) => [engine.name, engine]));
  const chosen = new Set<Engine>();
  const choose = (name: string) => {
    const engine = byName.get(name);
    if (engine === undefined) throw unknownEngine(name, [...byName.keys()]);
    if (chosen.has(engine)) return;
    chosen.add(engine);
    for (const needed of engine.needs) choose(needed);
  };
  for (const name of wanted.length > 0 ? wanted : byName.keys()) choose(name);

  const ordered = new Set<Engine>();
  const put = (engine: Engine) => {
    for (const name of [...engine.needs, ...engine.uses]) {
      const before = byName.get(name);
      if (before && chosen.has(before) && !ordered.has(before)) put(before);
    }
    ordered.add(engine);
  };
  for (const engine of engines) if (chosen.has(engine)) put(engine);
  return [...ordered];
}

export function unknownEngine(name: string, names: readonly string[]): GridlakeError {
  return new GridlakeError("CLUSTER_UNKNOWN_ENGINE", `there is no engine ${name}`, {
    remedy: `there are ${names.join(", ")}`,
    details: { engine: name, engines: names },
  });
}
