import { retireMetadataTable } from "../table/metadata-table.ts";
import type { TableState } from "../table/table-state.ts";
import { type LockOptions, WriteLock } from "../table/write-lock.ts";

/** Runs a table service as the table's only writer, on what the table is now. Dead writers' instants may be left in it. */
export async function asService<R>(
  state: TableState,
  lockOptions: LockOptions | undefined,
  act: (held: WriteLock) => Promise<R>,
): Promise<R> {
  const held = await WriteLock.acquire(state, lockOptions);
  try {
    await retireMetadataTable(state);
    await state.refresh();
    return await act(held);
  } finally {
    await held.release();
  }
}
