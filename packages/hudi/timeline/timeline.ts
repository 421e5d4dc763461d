import { GridlakeError } from "@gridlake/kernel";
import type { Storage } from "../storage/storage.ts";
import { type Action, type Instant, instantFileName, parseInstant, type State } from "./instant.ts";

export const HOODIE = ".hoodie";
/** How the files of the archived timeline begin; a version follows. */
export const ARCHIVE_PREFIX = ".commits_.archive.";

/** Actions whose completion adds or takes away rows. */
const WRITES: ReadonlySet<Action> = new Set<Action>(["commit", "deltacommit", "replacecommit"]);
/** How often a timeline is listed again that an archiver is shortening. */
const MAX_LISTINGS = 10;
const ORDER: Record<State, number> = { requested: 0, inflight: 1, completed: 2 };

/** The active timeline of a table in layout 1, as it was when it was listed; oldest first. */
export class Timeline {
  readonly instants: readonly Instant[];
  readonly #committed: ReadonlySet<string>;
  readonly #pending: ReadonlySet<string>;
  readonly #first: string | null;

  constructor(instants: Iterable<Instant>) {
    const furthest = new Map<string, Instant>();
    for (const instant of instants) {
      const key = `${instant.timestamp}.${instant.action}`;
      const known = furthest.get(key);
      if (!known || ORDER[known.state] < ORDER[instant.state]) furthest.set(key, instant);
    }
    this.instants = [...furthest.values()].sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
    const writes = this.writes();
    this.#committed = new Set(writes.map((instant) => instant.timestamp));
    this.#pending = new Set(this.pending().map((instant) => instant.timestamp));
    this.#first = writes[0]?.timestamp ?? null;
  }

  /** @throws HUDI_TIMELINE_BUSY */
  static async load(storage: Storage, basePath: string): Promise<Timeline> {
    for (let tries = 0; tries < MAX_LISTINGS; tries += 1) {
      const timeline = new Timeline(await listInstants(storage, basePath));
      const oldest = timeline.writes()[0];
      // An archiver takes instants away oldest first. While the oldest one seen is still there, the listing has missed
      // none after it; else it may have, and rows of a missed commit would be hidden.
      if (!oldest || (await storage.status(instantPath(basePath, oldest))) !== null) return timeline;
    }
    throw new GridlakeError(
      "HUDI_TIMELINE_BUSY",
      `the timeline of ${basePath} changed under ${MAX_LISTINGS} listings`,
      {
        remedy: "try again",
        retry: "later",
      },
    );
  }

  completed(): Instant[] {
    return this.instants.filter((instant) => instant.state === "completed");
  }

  pending(): Instant[] {
    return this.instants.filter((instant) => instant.state !== "completed");
  }

  /** Completed commits, delta commits and replace commits. */
  writes(): Instant[] {
    return this.instants.filter((instant) => instant.state === "completed" && WRITES.has(instant.action));
  }

  /** The newest timestamp, whatever its state; null on an empty timeline. */
  last(): string | null {
    return this.instants.at(-1)?.timestamp ?? null;
  }

  /**
   * Whether a base file of this instant counts: its write is complete, or it is older than the active timeline, and so
   * was completed and archived.
   */
  isCommitted(timestamp: string): boolean {
    if (this.#committed.has(timestamp)) return true;
    return this.#first !== null && timestamp < this.#first && !this.#pending.has(timestamp);
  }

  /** This timeline and one more instant. */
  with(instant: Instant): Timeline {
    return new Timeline([...this.instants, instant]);
  }
}

async function listInstants(storage: Storage, basePath: string): Promise<Instant[]> {
  const instants: Instant[] = [];
  for (const entry of await storage.list(`${basePath}/${HOODIE}`)) {
    const instant = entry.isDirectory ? null : parseInstant(entry.name);
    if (instant) instants.push(instant);
  }
  return instants;
}

/** Where the file of an instant lies. */
export function instantPath(basePath: string, instant: Instant): string {
  return `${basePath}/${HOODIE}/${instantFileName(instant)}`;
}

/** Where an unfinished instant leaves word of the files it is about to make. */
export function markerDirectory(basePath: string, timestamp: string): string {
  return `${basePath}/${HOODIE}/.temp/${timestamp}`;
}
