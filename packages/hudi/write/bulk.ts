import type { TableState } from "../table/table-state.ts";
import type { Change } from "./change.ts";
import { claimOf } from "./claim.ts";
import { DEFAULT_SIZING, type FileSizing } from "./pack.ts";
import type { Parted } from "./part.ts";
import { writePartedFiles } from "./parted-files.ts";
import type { Prepared } from "./prepared.ts";

/** Gives what makes base files of a source that was parted. */
export function prepareBulk(
  state: TableState,
  change: Change & { parted: Parted },
  { sizing }: { sizing: FileSizing | undefined },
): Prepared {
  const { maxFileBytes } = { ...DEFAULT_SIZING, ...sizing };
  return {
    claim: claimOf(state, change, null),
    async write({ timestamp }) {
      const { parted } = change;
      const written = await writePartedFiles(state, { parted, instant: timestamp, maxFileBytes });
      return { stats: written.map(({ stat }) => stat), bases: written.map(({ file }) => file) };
    },
  };
}
