import { cp } from "node:fs/promises";
import { assert } from "@gridlake/kernel";
import { LocalStorage } from "../storage/local/storage.ts";
import type { Storage } from "../storage/storage.ts";
import { Crash, CrashingStorage } from "./crashing-storage.ts";

/** More changes of the storage than any act that is tried makes. */
const MOST_CHANGES = 500;

/**
 * Tries an act on a copy of a table for each change of the storage that it makes, and dies right after that change: what is
 * left then is all that can be left. Gives each copy. The act is tried a last time, to its end, on a copy of its own.
 */
export async function* crashPoints(
  { table, path }: { table: string; path: () => string },
  act: (storage: Storage, path: string) => Promise<unknown>,
): AsyncGenerator<{ path: string; change: number }> {
  const local = new LocalStorage();
  for (let change = 0; change < MOST_CHANGES; change += 1) {
    const copy = path();
    await cp(table, copy, { recursive: true });
    const dying = new CrashingStorage(local, { at: change, after: true });
    const outcome: unknown = await act(dying, copy).catch((error: unknown) => error);
    if (!dying.crashed) return;
    if (!(outcome instanceof Crash)) throw outcome;
    yield { path: copy, change };
  }
  assert(false, `it makes more than ${MOST_CHANGES} changes`);
}
