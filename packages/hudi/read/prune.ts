import type { BaseFile } from "../file-group/base-file.ts";
import type { FileSlice } from "../file-group/file-slice.ts";
import { partitionValues } from "../file-group/partition-path.ts";
import { readFooterRange } from "../parquet/footer.ts";
import { type Column, META_COLUMNS } from "../schema/column.ts";
import { findColumn } from "../table/record-key.ts";
import type { TableState } from "../table/table-state.ts";
import { type Bound, decimalBound, textBound } from "./bound.ts";
import { canMeet, type ColumnBounds, type FileBounds, fileBounds } from "./column-bounds.ts";
import { type Condition, conditionOf, type Filter } from "./filter.ts";

/** How many footers are read at once. */
const FOOTERS_AT_ONCE = 16;
/** Of so many files of a table the bounds are remembered; then those that were known longest go. */
const MAX_FILES = 20_000;

/** A file's values are what the folder says where its columns are of these types. */
const FOLDER_TYPES = new Set(["VARCHAR", "INTEGER", "BIGINT"]);

const known = new WeakMap<TableState, Map<string, FileBounds>>();

/** The slices that can hold rows which meet all conditions: by their folders, then by the bounds in their footers. */
export async function prune(
  state: TableState,
  slices: readonly FileSlice[],
  conditions: readonly Condition[],
): Promise<FileSlice[]> {
  const tested = conditions.filter(({ test }) => test !== null);
  if (tested.length === 0) return [...slices];
  const folders = new Map<string, boolean>();
  const inFolders = slices.filter(({ partition }) => {
    let may = folders.get(partition);
    if (may === undefined) folders.set(partition, (may = folderCanMeet(state, partition, tested)));
    return may;
  });
  const inFiles = tested.filter(({ column }) => !isFolderColumn(state, column));
  // what log files hold is in no footer
  const files = inFolders.flatMap(({ base, logs }) => (base && logs.length === 0 ? [base] : []));
  if (inFiles.length === 0 || files.length === 0) return inFolders;
  const bounds = await boundsOf(state, files);
  return inFolders.filter(({ base, logs }) => {
    const ofFile = base && logs.length === 0 ? bounds.get(base.path) : undefined;
    return !ofFile || inFiles.every((condition) => fileCanMeet(ofFile, condition));
  });
}

/** Whether the folder of a row tells its value in this column. What other key generators make of a value is their own. */
function isFolderColumn({ config }: TableState, { name, type }: Column): boolean {
  return config.keyGenerator !== null && config.partitionFields.includes(name) && FOLDER_TYPES.has(type);
}

function folderCanMeet(state: TableState, partition: string, conditions: readonly Condition[]): boolean {
  const { config } = state;
  const values = partitionValues(partition, config);
  if (values === null) return true;
  return config.partitionFields.every((field, i) => {
    const value = values[i] ?? null;
    return conditions.every((condition) => {
      const { column } = condition;
      if (column.name !== field || !isFolderColumn(state, column)) return true;
      const of = { type: column.type, nulls: value === null, values: true };
      // an empty text has no folder of its own, it goes where NULL goes
      const bound = column.type === "VARCHAR" ? textBound(value ?? "") : integerBound(value);
      return canMeet({ ...of, min: bound, max: bound }, condition);
    });
  });
}

/** Null for what is no integer: then nothing is known of its rows. */
function integerBound(value: string | null): Bound | null {
  return value !== null && /^-?\d+$/.test(value) ? decimalBound(value) : null;
}

function fileCanMeet(bounds: FileBounds, condition: Condition): boolean {
  const { column } = condition;
  const ofColumn = bounds.get(column.name);
  // written before the column was added
  const none: ColumnBounds = { type: column.type, min: null, max: null, nulls: true, values: false };
  if (!ofColumn) return canMeet(none, condition);
  // bounds of another type are those of other values, but where an integer was given more bits
  const isSame = ofColumn.type === column.type || (ofColumn.type === "INTEGER" && column.type === "BIGINT");
  return canMeet(isSame ? ofColumn : { ...ofColumn, min: null, max: null }, condition);
}

/** By path. A file that is new is asked for its footer once. @throws HUDI_FOOTER_CORRUPT, HUDI_FILE_MISSING */
async function boundsOf(
  state: TableState,
  files: readonly BaseFile[],
): Promise<ReadonlyMap<string, FileBounds>> {
  let all = known.get(state);
  if (!all) known.set(state, (all = new Map()));
  const found = new Map<string, FileBounds>();
  const unknown: BaseFile[] = [];
  for (const file of files) {
    const bounds = all.get(file.path);
    if (bounds) found.set(file.path, bounds);
    else unknown.push(file);
  }
  for (let at = 0; at < unknown.length; at += FOOTERS_AT_ONCE) {
    await Promise.all(
      unknown.slice(at, at + FOOTERS_AT_ONCE).map(async (file) => {
        const path = `${state.basePath}/${file.path}`;
        const footer = await readFooterRange(state.storage, { path, sizeBytes: await state.sizeOf(file) });
        const bounds = fileBounds(footer);
        found.set(file.path, bounds);
        all.set(file.path, bounds);
      }),
    );
  }
  for (const path of all.keys()) {
    if (all.size <= MAX_FILES) break;
    all.delete(path);
  }
  return found;
}

/** Filters on a table's columns as conditions. @throws HUDI_FILTER, HUDI_COLUMN_MISSING */
export function conditionsOf(columns: readonly Column[], filters: readonly Filter[]): Condition[] {
  return filters.map((filter) => conditionOf(columns, filter));
}

/** Whether a table has such a column, or every Hudi row does. @throws HUDI_COLUMN_MISSING */
export function checkColumns(columns: readonly Column[], names: readonly string[]): void {
  for (const name of names) if (!META_COLUMNS.some((meta) => meta === name)) findColumn(columns, name);
}
