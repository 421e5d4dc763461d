// LMDB shares an open file among all who open it in one process, with the rights and the map of the first. So one
// process has a log open either for writing or for reading: who wants to read what this process writes gets a view of
// the writer, and who wants to write what this process reads is refused.
import { realpathSync } from "node:fs";
import { GridlakeError } from "@gridlake/kernel";
import type { Log } from "../log.ts";

const writers = new Map<string, Log | "opening">();
const readers = new Map<string, number>();

/** @throws LOG_LOCKED when this process has the log open for reading */
export function enterWriter(dir: string): { opened: (log: Log) => void; leave: () => void } {
  const place = realpathSync(dir);
  if (readers.has(place)) throw lockedHere(dir, "reading");
  writers.set(place, "opening");
  return {
    opened: (log) => writers.set(place, log),
    leave: () => writers.delete(place),
  };
}

/** The log that this process writes in `dir`, if there is one. @throws LOG_LOCKED while it is being opened */
export function writerHere(dir: string): Log | undefined {
  const writer = writers.get(realpathSync(dir));
  if (writer === "opening") throw lockedHere(dir, "writing");
  return writer;
}

/** @returns what to call when the reader is closed */
export function enterReader(dir: string): () => void {
  const place = realpathSync(dir);
  readers.set(place, (readers.get(place) ?? 0) + 1);
  return () => {
    const left = readers.get(place)! - 1;
    if (left === 0) readers.delete(place);
    else readers.set(place, left);
  };
}

function lockedHere(dir: string, purpose: string): GridlakeError {
  return new GridlakeError("LOG_LOCKED", `${dir} is open for ${purpose} in this process`, {
    remedy: "close that log first, or read through the one that writes",
    retry: "later",
    details: { dir, pid: process.pid },
    status: 503,
  });
}
