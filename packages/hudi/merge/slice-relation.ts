import { assert } from "@gridlake/kernel";
import type { BaseFile } from "../file-group/base-file.ts";
import type { FileSlice } from "../file-group/file-slice.ts";
import { type Column, META_COLUMNS } from "../schema/column.ts";
import { isProjected, projectionSql } from "../schema/projection.ts";
import { readParquet, sqlName, sqlNames, sqlText } from "../schema/sql-text.ts";
import { findColumn } from "../table/record-key.ts";
import { blockImage, blockKey } from "./block-image.ts";
import { type ImageCache, sharedImages } from "./image-cache.ts";
import { scannedLog } from "./log-scans.ts";
import { historyOf } from "../schema/schema-history.ts";
import type { MergeContext } from "./merge-context.ts";
import { mergeOrderOf } from "./merge-order.ts";
import { recordedEnd } from "./recorded-ends.ts";
import { sliceImage, type SliceImage } from "./slice-image.ts";
import { visibleBlocks } from "./visible-blocks.ts";

export interface SliceRelationOptions {
  /** Which columns, in this order; also `_hoodie_` ones. @default the table's own, in its order */
  columns?: readonly string[];
  /** In which columns to give the rows. @default the table's present ones */
  schema?: readonly Column[];
  /** SQL over the table's columns, true of the rows wanted. @default all */
  where?: string;
  /** Whether the log blocks of an instant count. @default those of completed and of archived writes */
  isVisible?: (instant: string) => boolean;
  /** @default one that the whole process shares */
  images?: ImageCache;
}

/** How many slices' log files are read at once. */
const SLICES_AT_ONCE = 8;
/** How many masked base files a statement scans one by one; more are scanned together. */
const MAX_SEPARATE = 32;
const BASE = "_hoodie_base";
const MASK = "_hoodie_mask";

/** A slice ready to be read. */
interface Ready {
  file: BaseFile | null;
  /** The path of its base file on this machine's disk; null: none. */
  base: string | null;
  /** Null when no log block of it counts. */
  image: SliceImage | null;
}

/**
 * A parenthesised SELECT over what slices hold: the rows of their base files, those of their log files in the place of
 * the ones with the same keys, without the deleted ones. It names files of the image cache, so it is to be run within
 * the cache's lease.
 * @throws HUDI_LOG_CORRUPT, HUDI_LOG_UNSUPPORTED, HUDI_LOG_PARTIAL_UPDATE, HUDI_FILE_MISSING, HUDI_COLUMN_MISSING
 */
export async function sliceRelation(
  context: MergeContext,
  slices: readonly FileSlice[],
  options: SliceRelationOptions = {},
): Promise<string> {
  const schema = options.schema ?? context.columns;
  const names = options.columns ?? schema.map((column) => column.name);
  const types = names.map((name) => typeOf(schema, name));
  const where = options.where === undefined ? "" : ` WHERE ${options.where}`;
  const ready = await readySlices(context, slices, options);
  const written = await historyOf(context).ofBase(
    context,
    slices.flatMap(({ base }) => base ?? []),
  );
  const columnsOf = ({ file }: Ready) => (file && written.get(file)) ?? schema;
  const relations: string[] = [];
  const add = (some: readonly Ready[], relation: (some: readonly Ready[]) => string) => {
    for (const [columns, same] of Map.groupBy(some, columnsOf)) {
      relations.push(presentSql(relation(same), { from: columns, to: schema }));
    }
  };
  add(
    ready.filter(({ base, image }) => base !== null && image === null),
    (some) => readParquet(some.map(({ base }) => base ?? "")),
  );
  add(
    ready.filter(({ base, image }) => base !== null && image !== null),
    maskedSql,
  );
  const images = ready.flatMap(({ image }) => image ?? []);
  if (images.length > 0) relations.push(readParquet(images.map(({ rows }) => rows)));
  const selects = relations.map((relation) => `SELECT ${sqlNames(names)} FROM ${relation}${where}`);
  if (selects.length > 0) return `(${selects.join(" UNION ALL ")})`;
  const typed = names.map((name, i) => `CAST(NULL AS ${types[i]}) AS ${sqlName(name)}`);
  return `(SELECT ${typed.join(", ")} WHERE false)`;
}

/** A relation of rows that were written under some columns, as one of the present columns. */
function presentSql(
  relation: string,
  { from, to }: { from: readonly Column[]; to: readonly Column[] },
): string {
  if (isProjected(to, from)) return relation;
  const list = [...META_COLUMNS.map((name) => `r.${name}`), ...projectionSql(to, { from, of: "r" })];
  return `(SELECT ${list.join(", ")} FROM ${relation} r)`;
}

/** The same of the base files alone: faster, and as old as the last compaction. */
export function readOptimizedRelation(
  context: MergeContext,
  slices: readonly FileSlice[],
  options: Omit<SliceRelationOptions, "isVisible" | "images"> = {},
): Promise<string> {
  return sliceRelation(
    context,
    slices.map((slice) => ({ ...slice, logs: [] })),
    options,
  );
}

async function readySlices(
  context: MergeContext,
  slices: readonly FileSlice[],
  options: SliceRelationOptions,
): Promise<Ready[]> {
  const images: (SliceImage | null)[] = [];
  for (let at = 0; at < slices.length; at += SLICES_AT_ONCE) {
    const some = slices.slice(at, at + SLICES_AT_ONCE);
    images.push(...(await Promise.all(some.map((slice) => imageOf(context, slice, options)))));
  }
  const bases = slices.flatMap(({ base }) => (base ? [`${context.basePath}/${base.path}`] : []));
  const local = new Map((await context.storage.localPaths(bases)).map((path, i) => [bases[i], path]));
  return slices.map(({ base }, i) => ({
    file: base,
    base: base && (local.get(`${context.basePath}/${base.path}`) ?? null),
    image: images[i] ?? null,
  }));
}

async function imageOf(
  context: MergeContext,
  slice: FileSlice,
  options: SliceRelationOptions,
): Promise<SliceImage | null> {
  if (slice.logs.length === 0) return null;
  const { timeline } = context;
  const cache = options.images ?? sharedImages();
  const isVisible = options.isVisible ?? ((instant: string) => timeline.isCommitted(instant));
  const logs = await Promise.all(slice.logs.map((log) => scannedLog(context, log)));
  const blocks = await visibleBlocks(logs, {
    isVisible,
    recordedEnd: (log) => recordedEnd(context, log),
  });
  if (blocks.length === 0) return null;
  const order = mergeOrderOf(context);
  const images = await Promise.all(
    blocks.map((block) => blockImage(block, { cache, ordering: order.column })),
  );
  const keys = blocks.map((block) => blockKey(block, order.column));
  const columns = options.schema ?? context.columns;
  return sliceImage(context, { base: slice.base, images, keys }, { cache, order, columns });
}

/** A base file and its mask, on this machine's disk. */
interface Masked {
  base: string;
  mask: string;
}

/** Base files without the rows whose bit is set in their masks. */
function maskedSql(slices: readonly Ready[]): string {
  const masked = slices.map(({ base, image }): Masked => {
    assert(base !== null && image && image.mask !== null, "a base file with log files has a mask");
    return { base, mask: image.mask };
  });
  return masked.length <= MAX_SEPARATE ? separatelyMasked(masked) : jointlyMasked(masked);
}

/** One scan per file: the fastest way over each, and half a millisecond of planning. */
function separatelyMasked(masked: readonly Masked[]): string {
  const selects = masked.map(({ base, mask }) => {
    const rows = readParquet([base], "file_row_number = true");
    const bits = `(SELECT CAST(bits AS BIT) AS ${MASK} FROM ${readParquet([mask])})`;
    return `SELECT b.* FROM ${rows} b, ${bits} WHERE ${isKept("b")}`;
  });
  return `(${selects.join(" UNION ALL ")})`;
}

/**
 * One scan of all. Every file finds its mask by name; should one find none, the statement fails, for its rows could be
 * neither given nor left out.
 */
function jointlyMasked(masked: readonly Masked[]): string {
  const rows = readParquet(
    masked.map(({ base }) => base),
    `filename = '${BASE}'`,
    "file_row_number = true",
  );
  const masks = readParquet(
    masked.map(({ mask }) => mask),
    `filename = '${MASK}_path'`,
  );
  const pairs = masked.map(({ base, mask }) => `(${sqlText(base)}, ${sqlText(mask)})`);
  return (
    `(SELECT b.* FROM ${rows} b LEFT JOIN (SELECT p.base AS ${MASK}_of, CAST(m.bits AS BIT) AS ${MASK} ` +
    `FROM ${masks} m JOIN (VALUES ${pairs.join(", ")}) p(base, mask) ON m.${MASK}_path = p.mask) g ` +
    `ON b.${BASE} = g.${MASK}_of WHERE CASE WHEN ${MASK} IS NULL THEN error('no mask for ' || b.${BASE}) ` +
    `ELSE ${isKept("b")} END)`
  );
}

function isKept(base: string): string {
  return `get_bit(${MASK}, CAST(${base}.file_row_number AS INTEGER)) = 0`;
}

function typeOf(columns: readonly Column[], name: string): string {
  return META_COLUMNS.some((meta) => meta === name) ? "VARCHAR" : findColumn(columns, name).type;
}
