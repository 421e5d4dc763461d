import { randomUUID } from "node:crypto";
import { type Clock, MINUTE_MS } from "@gridlake/kernel";
import type { Storage } from "../storage/storage.ts";
import { HOODIE } from "../timeline/timeline.ts";
import { isGone, type ProcessIdentity, thisProcess } from "./process-identity.ts";

// Who may complete an instant, and who may give it up
//
// A writer keeps `.hoodie/.heartbeat/<instant>` as long as it is at work, where Hudi's HoodieHeartbeatClient has its own.
// To complete, it (1) lays the completed file ready beside the timeline, (2) sees that the heartbeat is still its own and
// (3) renames what it laid ready to what readers look for. Whoever gives the instant up (1) makes the heartbeat its own and
// (2) takes away what was laid ready. Of the two that come second one sees the other; where both have gone on, the rename
// and the taking are of one file, and one gets it. So an instant that was given up is never completed, wherever its writer
// was held up, if the storage's rename is atomic and what one process created another sees at once: local disks and HDFS.

/** What a write needs to know of the table that it is about. */
export interface Place {
  storage: Storage;
  basePath: string;
  clock: Clock;
  /** Where the files of instants lie. */
  timelineDirectory: string;
}

/** A writer that lets so long pass without a sign is dead, in ms. */
const EXPIRY_MS = MINUTE_MS;
/** What other engines take for granted: two beats missed, of one a minute. Theirs say nothing but their time. */
const FOREIGN_EXPIRY_MS = 2 * MINUTE_MS;

interface Beat {
  owner: string;
  process: ProcessIdentity | null;
  /**
   * `exclusive`: the writer holds the table's lock until it is done, so that for whoever holds it now that writer is dead.
   * `given up`: another one undoes the instant.
   */
  mode: "exclusive" | "optimistic" | "given up";
}

/** The sign that the writer of an instant lives. */
export class Heartbeat {
  readonly #place: Place;
  readonly #timestamp: string;
  readonly #beat: Beat;
  #renewal: NodeJS.Timeout | undefined;
  #renewing: Promise<unknown> = Promise.resolve();

  private constructor(place: Place, timestamp: string, beat: Beat) {
    this.#place = place;
    this.#timestamp = timestamp;
    this.#beat = beat;
  }

  /** To be called under the table's lock, before the instant is on the timeline. */
  static async start(
    place: Place,
    { timestamp, mode }: { timestamp: string; mode: "exclusive" | "optimistic" },
  ): Promise<Heartbeat> {
    const beat: Beat = { owner: randomUUID(), process: await thisProcess(), mode };
    const heartbeat = new Heartbeat(place, timestamp, beat);
    const path = heartbeatPath(place, timestamp);
    // not synced: after a power failure its process is gone; one that is there is of a dead writer of the same plan
    const isFirst = await place.storage.createIfAbsent(path, encode(beat), { durable: false });
    if (!isFirst) await place.storage.replace(path, encode(beat));
    if (mode === "optimistic") await place.storage.touch(path, place.clock.nowMs());
    heartbeat.#renewal = setInterval(() => heartbeat.#renew(), EXPIRY_MS / 3).unref();
    return heartbeat;
  }

  /** Where the completed file lies until it gets its name. */
  get completingPath(): string {
    return completingPath(this.#place, this.#timestamp, this.#beat);
  }

  /** Whether nobody has given the instant up. */
  async isOurs(): Promise<boolean> {
    const bytes = await this.#place.storage.read(heartbeatPath(this.#place, this.#timestamp));
    const beat = bytes && decode(bytes);
    return beat?.owner === this.#beat.owner && beat.mode === this.#beat.mode;
  }

  /** The instant is complete, or its writer gives it up itself. */
  async stop(): Promise<void> {
    this.halt();
    await this.#renewing;
    await this.#place.storage.remove(heartbeatPath(this.#place, this.#timestamp));
  }

  /** Leaves the file to whoever undoes the instant. */
  halt(): void {
    clearInterval(this.#renewal);
  }

  #renew(): void {
    const { storage, clock } = this.#place;
    this.#renewing = storage
      .touch(heartbeatPath(this.#place, this.#timestamp), clock.nowMs())
      // a writer that can't show that it lives is taken for dead in time, and learns it when it is about to complete
      .catch(() => false);
  }
}

export type WriterState = "alive" | "dead" | "unknown";

/**
 * Whether the writer of a pending instant may still complete it; `unknown` of one that left no heartbeat. To be asked under
 * the table's lock.
 */
export async function writerOf(place: Place, timestamp: string): Promise<WriterState> {
  const { storage, clock } = place;
  const path = heartbeatPath(place, timestamp);
  const bytes = await storage.read(path);
  const status = await storage.status(path);
  if (bytes === null || status === null) return "unknown";
  const beat = decode(bytes);
  const isSilent = status.modifiedMs + (beat ? EXPIRY_MS : FOREIGN_EXPIRY_MS) <= clock.nowMs();
  if (isSilent) return "dead";
  if (beat === null) return "alive";
  if (beat.mode !== "optimistic" || (beat.process !== null && (await isGone(beat.process)))) return "dead";
  // it completes under the lock, which by now is not its own
  return (await storage.status(completingPath(place, timestamp, beat))) === null ? "alive" : "dead";
}

/** Keeps the writer of an instant, if it lives after all, from completing it. The timeline is to be looked at afterwards. */
export async function giveUp(place: Place, timestamp: string): Promise<void> {
  const path = heartbeatPath(place, timestamp);
  const bytes = await place.storage.read(path);
  const beat: Beat = (bytes && decode(bytes)) ?? { owner: randomUUID(), process: null, mode: "given up" };
  await place.storage.replace(path, encode({ ...beat, mode: "given up" }));
  await place.storage.take(completingPath(place, timestamp, beat));
}

/** To be called when nothing of the instant is left. */
export function forget(place: Place, timestamp: string): Promise<void> {
  return place.storage.remove(heartbeatPath(place, timestamp));
}

/** Takes away what dead writers left that were not on the timeline yet. To be called under the table's lock. */
export async function sweepHeartbeats(
  place: Place,
  isPending: (timestamp: string) => boolean,
): Promise<void> {
  for (const { name } of await place.storage.list(heartbeatDirectory(place))) {
    if (isPending(name)) continue;
    const bytes = await place.storage.read(heartbeatPath(place, name));
    // another engine may have begun, and not be on the timeline yet
    if (bytes !== null && decode(bytes) !== null) await forget(place, name);
  }
}

function heartbeatDirectory({ basePath }: Place): string {
  return `${basePath}/${HOODIE}/.heartbeat`;
}

function heartbeatPath(place: Place, timestamp: string): string {
  return `${heartbeatDirectory(place)}/${timestamp}`;
}

function completingPath(
  { timelineDirectory }: Place,
  timestamp: string,
  { owner }: Pick<Beat, "owner">,
): string {
  return `${timelineDirectory}/.${timestamp}.${owner}.completing`;
}

function encode(beat: Beat): Buffer {
  return Buffer.from(JSON.stringify(beat));
}

/** Null for another engine's, which are empty. */
function decode(bytes: Buffer): Beat | null {
  try {
    const beat = JSON.parse(bytes.toString("utf8")) as Partial<Beat> | null;
    return typeof beat?.owner === "string" && typeof beat.mode === "string" ? (beat as Beat) : null;
  } catch {
    return null;
  }
}
