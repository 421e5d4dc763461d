import type { RequestListener } from "node:http";

/** Where an instance is called: in this process, or over HTTP. */
export type Endpoint =
  | { kind: "local"; handle: RequestListener }
  | { kind: "http"; host: string; port: number };

/** What a service says of itself when it registers. */
export interface Announcement {
  /** Lower case, without `_`. */
  service: string;
  version: string;
  /** Public path prefixes that the gateway sends here. */
  routes: readonly string[];
  endpoint: Endpoint;
  /** Its share of the calls beside its siblings. 0 drains it: what runs goes on, nothing new comes. @default 1 */
  weight?: number;
}

export interface Instance extends Required<Announcement> {
  /** Unique in the registry. */
  id: string;
  /** An instance that is not healthy is listed but never discovered. */
  healthy: boolean;
}

export interface Registration {
  readonly id: string;
  /** @throws REGISTRY_UNREGISTERED after `deregister`. */
  setHealthy(healthy: boolean): Promise<void>;
  /** May be called twice. */
  deregister(): Promise<void>;
}

/** All instances, whatever their health, in no order. */
export type RegistryListener = (instances: readonly Instance[]) => void;

/**
 * Who is there. Laws:
 * - `discover` gives only what may be called: healthy, weight above 0.
 * - A watcher hears the present state at once and every change after it; the last state it heard is the true one.
 * - A listener that throws does not keep the others from hearing.
 */
export interface Registry {
  /** @throws REGISTRY_INVALID for a name or route that a registry can't carry. */
  register(announcement: Announcement): Promise<Registration>;
  discover(service: string): Promise<readonly Instance[]>;
  /** @returns the end of the watch. */
  watch(listener: RegistryListener): () => void;
  /** Takes everything registered through this object off. */
  close(): Promise<void>;
}
