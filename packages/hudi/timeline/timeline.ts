import { GridlakeError } from "@gridlake/kernel";
import type { Storage } from "../storage/storage.ts";
import { type Action, completedAction, type Instant, type State } from "./instant.ts";
import { HOODIE, type Layout } from "./layout.ts";

export { HOODIE } from "./layout.ts";

/** How the files of the archived timeline of layout 1 begin; a version follows. */
export const ARCHIVE_PREFIX = ".commits_.archive.";
/** How the files begin that list those of the archived timeline of layout 2; a version follows. */
export const MANIFEST_PREFIX = "manifest_";

/** Actions whose completion adds or takes away rows. */
const WRITES: ReadonlySet<Action> = new Set<Action>(["commit", "deltacommit", "replacecommit"]);
/** How often a timeline is listed again that an archiver is shortening. */
const MAX_LISTINGS = 10;
const ORDER: Record<State, number> = { requested: 0, inflight: 1, completed: 2 };

/** The active timeline of a table, as it was when it was listed; oldest first. */
export class Timeline {
  readonly instants: readonly Instant[];
  /** Completion time of every completed write, by timestamp. */
  readonly #completions: ReadonlyMap<string, string>;
  readonly #pending: ReadonlySet<string>;
  readonly #first: string | null;
  /** Completion times of archived writes, as far as they are known. */
  readonly #archived: ReadonlyMap<string, string>;

  constructor(instants: Iterable<Instant>, archived: ReadonlyMap<string, string> = new Map()) {
    const furthest = new Map<string, Instant>();
    for (const instant of instants) {
      // a compaction completes as a commit: both are one instant
      const key = `${instant.timestamp}.${completedAction(instant.action)}`;
      const known = furthest.get(key);
      if (!known || ORDER[known.state] < ORDER[instant.state]) furthest.set(key, instant);
    }
    this.instants = [...furthest.values()].sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
    const writes = this.writes();
    this.#completions = new Map(writes.map((one) => [one.timestamp, one.completedAt ?? one.timestamp]));
    this.#pending = new Set(this.pending().map((instant) => instant.timestamp));
    this.#first = writes[0]?.timestamp ?? null;
    this.#archived = archived;
  }

  /** @throws HUDI_TIMELINE_BUSY */
  static async load(
    storage: Storage,
    { basePath, layout }: { basePath: string; layout: Layout },
  ): Promise<Timeline> {
    const directory = `${basePath}/${layout.folder}`;
    for (let tries = 0; tries < MAX_LISTINGS; tries += 1) {
      const instants: Instant[] = [];
      for (const entry of await storage.list(directory)) {
        const instant = entry.isDirectory ? null : layout.parse(entry.name);
        if (instant) instants.push(instant);
      }
      const timeline = new Timeline(instants);
      const oldest = timeline.writes()[0];
      // An archiver takes instants away oldest first. While the oldest one seen is still there, the listing has missed
      // none after it; else it may have, and rows of a missed commit would be hidden.
      if (!oldest || (await storage.status(`${directory}/${layout.fileName(oldest)}`)) !== null)
        return timeline;
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

  /** Completed commits, delta commits and replace commits, by timestamp. */
  writes(): Instant[] {
    return this.instants.filter((instant) => instant.state === "completed" && WRITES.has(instant.action));
  }

  /** The newest timestamp or completion time, whatever the state; null on an empty timeline. */
  last(): string | null {
    let last: string | null = null;
    for (const { timestamp, completedAt } of this.instants) {
      for (const time of [timestamp, completedAt])
        if (time !== null && (last === null || time > last)) last = time;
    }
    return last;
  }

  /**
   * Whether a file of this instant counts: its write is complete, or it is older than the active timeline, and so was
   * completed and archived.
   */
  isCommitted(timestamp: string): boolean {
    return this.completionOf(timestamp) !== null;
  }

  /**
   * When the write of this timestamp completed; null while it has not. Of one that is archived it is the timestamp, unless
   * this timeline has been told.
   */
  completionOf(timestamp: string): string | null {
    const completion = this.knownCompletionOf(timestamp);
    if (completion !== undefined) return completion;
    return this.isArchived(timestamp) ? timestamp : null;
  }

  knownCompletionOf(timestamp: string): string | undefined {
    return this.#completions.get(timestamp) ?? this.#archived.get(timestamp);
  }

  /** Whether a write of this timestamp would be older than the active timeline, and so complete and archived. */
  isArchived(timestamp: string): boolean {
    return this.#first !== null && timestamp < this.#first && !this.#pending.has(timestamp);
  }

  /** This timeline, knowing when writes completed that are archived. */
  knowing(archived: ReadonlyMap<string, string>): Timeline {
    return archived.size === 0 ? this : new Timeline(this.instants, archived);
  }

  /** This timeline, but for one instant in whatever state. */
  without({ timestamp, action }: Instant): Timeline {
    const rest = this.instants.filter((one) => one.timestamp !== timestamp || one.action !== action);
    return new Timeline(rest, this.#archived);
  }

  /** This timeline and one more instant. */
  with(instant: Instant): Timeline {
    return new Timeline([...this.instants, instant], this.#archived);
  }
}

/** Where an unfinished instant leaves word of the files it is about to make. */
export function markerDirectory(basePath: string, timestamp: string): string {
  return `${basePath}/${HOODIE}/.temp/${timestamp}`;
}
