import { ARCHIVED_ENTRY } from "../../../avro/archived-entry.ts";
import { avroDataBlock } from "../../../log-file/log-block.ts";
import type { TableState } from "../../../table/table-state.ts";
import type { Instant } from "../../../timeline/instant.ts";
import { ARCHIVE_PREFIX } from "../../../timeline/timeline.ts";
import type { ArchivedInstant, ArchivedTimeline } from "../archived-timeline.ts";
import { LastFile } from "../last-file.ts";
import { entriesOf } from "./entries.ts";
import { readBodies, readEntries } from "./read.ts";

/** Of a file that no engine's task wrote. */
const WRITE_TOKEN = "1-0-1";

/** The archived timeline of layout 1: log files `.commits_.archive.<N>_<token>`, whose blocks hold the states of instants. */
export class LogArchive implements ArchivedTimeline {
  readonly #state: TableState;

  constructor(state: TableState) {
    this.#state = state;
  }

  async known(instants: readonly Instant[]): Promise<ReadonlySet<string>> {
    const newest = (await this.#files()).at(-1);
    if (newest === undefined) return new Set();
    const wanted = new Set(instants.map(({ timestamp }) => timestamp));
    const entries = await readEntries(this.#state.storage, this.#pathOf(newest));
    return new Set(
      entries
        .filter(({ commitTime, isCompleted }) => isCompleted && wanted.has(commitTime))
        .map(({ commitTime }) => commitTime),
    );
  }

  async append(instants: readonly Instant[]): Promise<void> {
    const records: Buffer[] = [];
    for (const instant of instants) {
      for (const entry of await entriesOf(this.#state, instant)) records.push(ARCHIVED_ENTRY.toBuffer(entry));
    }
    const block = avroDataBlock(JSON.stringify(ARCHIVED_ENTRY.schema({ exportAttrs: true })), records);
    let version = versionOf((await this.#files()).at(-1)) + 1;
    const { storage } = this.#state;
    while (
      !(await storage.createIfAbsent(this.#pathOf(`${ARCHIVE_PREFIX}${version}_${WRITE_TOKEN}`), block))
    ) {
      version += 1;
    }
  }

  /** Files are of a fair size from the beginning. */
  async tidy(): Promise<void> {
    await Promise.resolve();
  }

  async read(): Promise<ArchivedInstant[]> {
    const found: ArchivedInstant[] = [];
    const bodies = new LastFile((path) => readBodies(this.#state.storage, path));
    for (const name of await this.#files()) {
      const path = this.#pathOf(name);
      for (const entry of await readEntries(this.#state.storage, path)) {
        if (!entry.isCompleted) continue;
        const { commitTime: timestamp, action, number } = entry;
        found.push({
          timestamp,
          action,
          state: "completed",
          completedAt: timestamp,
          metadata: async () => (await bodies.of(path))[number] ?? null,
        });
      }
    }
    return found;
  }

  /** Oldest first. */
  async #files(): Promise<string[]> {
    const names = (await this.#state.storage.list(this.#state.archiveFolder)).map(({ name }) => name);
    return names
      .filter((name) => name.startsWith(ARCHIVE_PREFIX) && !Number.isNaN(versionOf(name)))
      .sort((a, b) => versionOf(a) - versionOf(b));
  }

  #pathOf(name: string): string {
    return `${this.#state.archiveFolder}/${name}`;
  }
}

function versionOf(name: string | undefined): number {
  return name === undefined ? 0 : Number.parseInt(name.slice(ARCHIVE_PREFIX.length), 10);
}
