import { GridlakeError } from "@gridlake/kernel";
import { checkAnnouncement } from "../announcement.ts";
import type { Announcement, Instance, Registration, Registry, RegistryListener } from "../registry.ts";

/** The registry of one process. */
export class EmbeddedRegistry implements Registry {
  readonly #instances = new Map<string, Instance>();
  readonly #listeners = new Set<RegistryListener>();
  readonly #onListenerError: (error: unknown) => void;
  #count = 0;

  /** @param options.onListenerError hears what a watcher threw. */
  constructor(options: { onListenerError: (error: unknown) => void }) {
    this.#onListenerError = options.onListenerError;
  }

  async register(announcement: Announcement): Promise<Registration> {
    checkAnnouncement(announcement);
    this.#count += 1;
    const id = `${announcement.service}-${this.#count}`;
    this.#instances.set(id, { weight: 1, ...announcement, id, healthy: true });
    this.#changed();
    return {
      id,
      setHealthy: async (healthy) => {
        const instance = this.#instances.get(id);
        if (instance === undefined) {
          throw new GridlakeError("REGISTRY_UNREGISTERED", `${id} is not registered any more`, {
            remedy: "register it again",
          });
        }
        if (instance.healthy === healthy) return;
        this.#instances.set(id, { ...instance, healthy });
        this.#changed();
      },
      deregister: async () => {
        if (this.#instances.delete(id)) this.#changed();
      },
    };
  }

  async discover(service: string): Promise<readonly Instance[]> {
    const found: Instance[] = [];
    for (const instance of this.#instances.values()) {
      if (instance.service === service && instance.healthy && instance.weight > 0) found.push(instance);
    }
    return found;
  }

  watch(listener: RegistryListener): () => void {
    this.#listeners.add(listener);
    this.#tell(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#instances.clear();
    this.#changed();
    this.#listeners.clear();
  }

  #changed(): void {
    for (const listener of this.#listeners) this.#tell(listener);
  }

  #tell(listener: RegistryListener): void {
    try {
      listener([...this.#instances.values()]);
    } catch (error) {
      this.#onListenerError(error);
    }
  }
}
