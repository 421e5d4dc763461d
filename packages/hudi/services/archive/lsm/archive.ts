import type { TableState } from "../../../table/table-state.ts";
import { decodeCommitAvro, encodeCommitAvro } from "../../../avro/commit-metadata.ts";
import { isContainer } from "../../../avro/container.ts";
import { type CommitMetadata, decodeCommitJson } from "../../../timeline/commit-metadata.ts";
import { type Action, type Instant } from "../../../timeline/instant.ts";
import type { ArchivedInstant, ArchivedTimeline } from "../archived-timeline.ts";
import { pendingFilesOf } from "../instant-files.ts";
import { LastFile } from "../last-file.ts";
import { compactLevels } from "./levels.ts";
import { lsmName, type Manifest, parseLsmName, publish, readManifest } from "./manifest.ts";
import { type LsmRow, readRows, writeRows } from "./parquet-file.ts";

const WRITES: ReadonlySet<string> = new Set<Action>(["commit", "deltacommit", "replacecommit"]);

/**
 * The archived timeline of layout 2: Parquet files of instants, `<first>_<last>_<level>.parquet`, listed by manifests of
 * which `_version_` names the one that counts. Files of a level are merged into one of the next.
 */
export class LsmArchive implements ArchivedTimeline {
  readonly #state: TableState;

  constructor(state: TableState) {
    this.#state = state;
  }

  async known(instants: readonly Instant[]): Promise<ReadonlySet<string>> {
    const first = instants[0]?.timestamp ?? "";
    const last = instants.at(-1)?.timestamp ?? "";
    const { files } = await this.#manifest();
    const known = new Set<string>();
    for (const { fileName } of files) {
      const range = parseLsmName(fileName);
      if (range === null || range.last < first || range.first > last) continue;
      for (const { instantTime } of await this.#rows(fileName, { bodies: false })) known.add(instantTime);
    }
    return known;
  }

  async append(instants: readonly Instant[]): Promise<void> {
    const { storage } = this.#state;
    const rows: LsmRow[] = [];
    for (const instant of instants) rows.push(await this.#rowOf(instant));
    const first = instants[0]?.timestamp ?? "";
    const last = instants.at(-1)?.timestamp ?? "";
    const fileName = lsmName({ first, last, level: 0 });
    const fileLen = await writeRows(storage, `${this.#folder}/${fileName}`, rows);
    const { version, files } = await this.#manifest();
    await publish(storage, this.#folder, { version, files: [...files, { fileName, fileLen }] });
  }

  async tidy(): Promise<void> {
    await compactLevels(this.#state.storage, this.#folder);
  }

  async read(): Promise<ArchivedInstant[]> {
    const found: ArchivedInstant[] = [];
    const bodies = new LastFile(async (fileName) => {
      const rows = await this.#rows(fileName, { bodies: true });
      return new Map(rows.map((row) => [`${row.instantTime}.${row.action}`, row.metadata]));
    });
    for (const { fileName } of (await this.#manifest()).files) {
      for (const { instantTime, completionTime, action } of await this.#rows(fileName, { bodies: false })) {
        const isWrite = WRITES.has(action);
        found.push({
          timestamp: instantTime,
          action: action as Action,
          state: "completed",
          completedAt: completionTime,
          metadata: async () => {
            const bytes = isWrite ? (await bodies.of(fileName)).get(`${instantTime}.${action}`) : null;
            return bytes ? decodeBody(bytes, `${this.#folder}/${fileName}`) : null;
          },
        });
      }
    }
    return found;
  }

  /** When instants completed, as far as this timeline has those from `from` to `upTo`, inclusive. */
  async completions({ from, upTo }: { from: string; upTo: string }): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const { fileName } of (await this.#manifest()).files) {
      const range = parseLsmName(fileName);
      if (range === null || range.last < from || range.first > upTo) continue;
      for (const row of await this.#rows(fileName, { bodies: false })) {
        if (WRITES.has(row.action)) found.set(row.instantTime, row.completionTime);
      }
    }
    return found;
  }

  get #folder(): string {
    return this.#state.archiveFolder;
  }

  #manifest(): Promise<Manifest> {
    return readManifest(this.#state.storage, this.#folder);
  }

  #rows(fileName: string, options: { bodies: boolean }): Promise<LsmRow[]> {
    return readRows(this.#state.storage, `${this.#folder}/${fileName}`, options);
  }

  async #rowOf(instant: Instant): Promise<LsmRow> {
    const bytes = await this.#state.bytesOf(instant);
    const { action, requested, inflight } = await pendingFilesOf(this.#state, instant);
    const isReplacing = action === "replacecommit" || action === "clustering";
    const isPlanned =
      isReplacing || action === "clean" || action === "compaction" || action === "logcompaction";
    const plan = isReplacing && inflight?.length ? inflight : requested;
    return {
      instantTime: instant.timestamp,
      completionTime: instant.completedAt ?? instant.timestamp,
      action: instant.action,
      metadata: await this.#avroBody(instant, bytes),
      plan: isPlanned && plan?.length ? plan : null,
    };
  }

  /** An upgraded table has bodies in JSON too; Hudi's archive has none. */
  async #avroBody(instant: Instant, bytes: Buffer): Promise<Buffer | null> {
    if (bytes.length === 0) return null;
    if (!WRITES.has(instant.action) || isContainer(bytes)) return bytes;
    return encodeCommitAvro(decodeCommitJson(bytes, this.#state.instantPath(instant)));
  }
}

function decodeBody(bytes: Buffer, path: string): Promise<CommitMetadata> | CommitMetadata {
  return isContainer(bytes) ? decodeCommitAvro(bytes, path) : decodeCommitJson(bytes, path);
}
