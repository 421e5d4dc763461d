import { choose, type Instance, type Registry } from "@gridlake/service-kit";

/** Who serves which prefix, as the registry has it at this moment. */
export class RouteTable {
  /** Longest prefix first. */
  #routes: readonly { prefix: string; service: string; instances: readonly Instance[] }[] = [];
  #instances: readonly Instance[] = [];
  #version = 0;
  readonly #end: () => void;

  constructor(registry: Registry) {
    this.#end = registry.watch((instances) => this.#rebuild(instances));
  }

  /** Rises with every change. */
  get version(): number {
    return this.#version;
  }

  /** Everyone who is registered, the sick included. */
  get instances(): readonly Instance[] {
    return this.#instances;
  }

  /** Whose path it is; `instance` is undefined when nobody of the service can be called just now. */
  find(path: string): { prefix: string; service: string; instance: Instance | undefined } | undefined {
    for (const { prefix, service, instances } of this.#routes) {
      if (path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === "/")) {
        return { prefix, service, instance: choose(instances) };
      }
    }
    return undefined;
  }

  close(): void {
    this.#end();
  }

  #rebuild(instances: readonly Instance[]): void {
    const byPrefix = new Map<string, { prefix: string; service: string; instances: Instance[] }>();
    for (const instance of instances) {
      for (const prefix of instance.routes) {
        const route = byPrefix.get(prefix) ?? { prefix, service: instance.service, instances: [] };
        byPrefix.set(prefix, route);
        // a prefix belongs to whoever announced it first; another service can't take it over
        const callable = instance.healthy && instance.weight > 0 && route.service === instance.service;
        if (callable) route.instances.push(instance);
      }
    }
    this.#routes = [...byPrefix.values()].toSorted((a, b) => b.prefix.length - a.prefix.length);
    this.#instances = instances;
    this.#version += 1;
  }
}
