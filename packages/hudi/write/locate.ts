import type { BaseFile } from "../file-group/base-file.ts";
import { presentFilesSql } from "../read/present-files.ts";
import type { TableState } from "../table/table-state.ts";
import type { Change } from "./change.ts";
import { candidateFiles } from "./candidates.ts";
import type { Staged } from "./stage.ts";
import { tag, TAGGED, type Tags } from "./tag.ts";

/**
 * Finds where the change's keys are now: the partitions' files that can hold them by the table's index, then one join with
 * these files' key columns. Null when no file can hold any, or every key is trusted to be new.
 */
export async function locate(state: TableState, change: Change): Promise<Tags | null> {
  const { connection, deletes, operation, tagsName } = change;
  const { recordKey, partitionFields, ordering } = state.config;
  const upserts = operation === "upsert" ? change.upserts : null;
  const files = await filesWithKeys(state, { ...change, upserts });
  if (files.length === 0) return null;
  const paths = await state.storage.localPaths(files.map((file) => `${state.basePath}/${file.path}`));
  const byPath = new Map(paths.map((path, i) => [path, files[i] as BaseFile]));
  const columns = [...new Set([...recordKey, ...partitionFields, ordering ?? []].flat())];
  return tag({
    connection,
    name: tagsName,
    upserts: upserts?.name ?? null,
    deletes: deletes?.name ?? null,
    recordKey,
    partitionFields,
    ordering,
    files: byPath,
    stored: await presentFilesSql(state, {
      files: byPath,
      columns,
      options: TAGGED.options,
      extra: TAGGED.columns,
    }),
  });
}

async function filesWithKeys(
  state: TableState,
  { connection, upserts, deletes }: Change,
): Promise<BaseFile[]> {
  const found = new Set<BaseFile>();
  for (const staged of [upserts, deletes]) {
    for (const partition of staged?.partitions ?? []) {
      const latest = state.view.latest(state.timeline, { partition: state.partitionOf(partition.value) });
      const keys = { connection, staged: staged as Staged, partition };
      for (const file of await candidateFiles(state, latest, keys)) found.add(file);
    }
  }
  return [...found];
}
