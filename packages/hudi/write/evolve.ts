import type { Column } from "../schema/column.ts";
import { evolve, type SchemaChange } from "../schema/evolution.ts";
import type { TableState } from "../table/table-state.ts";
import type { LockOptions } from "../table/write-lock.ts";
import { checkExtraMetadata, underLock, writeInstant } from "./instant-writer.ts";

export interface EvolveOptions extends SchemaChange {
  /** Kept in the commit. @default {} */
  extraMetadata?: Readonly<Record<string, string>>;
  lock?: LockOptions;
}

export interface EvolveResult {
  /** Null when the columns were so already. */
  instant: string | null;
  columns: readonly Column[];
}

/** Hudi's name for a commit that writes no rows, and from which on the table has other columns. */
const OPERATION = "ALTER_SCHEMA";

/** See HudiTable.evolve. */
export async function evolveTable(
  state: TableState,
  { extraMetadata = {}, lock, ...change }: EvolveOptions,
): Promise<EvolveResult> {
  checkExtraMetadata(extraMetadata);
  // what is refused is refused before anybody waits
  evolve(state.columns, change);
  return underLock(state, lock, async (held) => {
    const columns = evolve(state.columns, change);
    if (JSON.stringify(columns) === JSON.stringify(state.columns)) return { instant: null, columns };
    const action = state.config.tableType === "MERGE_ON_READ" ? "deltacommit" : "commit";
    const { instant } = await writeInstant(
      state,
      { action, operationType: OPERATION, columns, extraMetadata, held },
      async () => ({ stats: [], bases: [] }),
    );
    return { instant: instant.timestamp, columns };
  });
}
