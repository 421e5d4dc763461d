import type { BaseFile } from "../file-group/base-file.ts";
import type { Column } from "../schema/column.ts";
import type { BlockImage } from "./block-image.ts";
import { deleteMarkers } from "./delete-marker.ts";
import { imageBuilder } from "./image-builder.ts";
import type { ImageCache } from "./image-cache.ts";
import { historyOf } from "../schema/schema-history.ts";
import type { MergeContext } from "./merge-context.ts";
import type { MergeOrder } from "./merge-order.ts";
import { SliceMerge } from "./slice-merge.ts";

/** What the log files of a slice come to, over its base file. */
export interface SliceImage {
  /** A Parquet file with the rows that hold, of all columns. */
  rows: string;
  /**
   * A Parquet file of one row: `bits` has a bit for each row of the base file, set where another row holds or none.
   * Null without a base.
   */
  mask: string | null;
}

export interface SliceParts {
  base: BaseFile | null;
  /** In merge order. */
  images: readonly BlockImage[];
  /** What the images depend on. */
  keys: readonly unknown[];
}

export interface SliceImageOptions {
  cache: ImageCache;
  order: MergeOrder;
  /** The columns to give the rows in. */
  columns: readonly Column[];
}

/** To be raised whenever an image of the same slice becomes another. */
const IMAGE_VERSION = 1;

/** @throws HUDI_LOG_CORRUPT for rows without a key; HUDI_SCHEMA_EVOLUTION; what DuckDB says of a file that it can't read */
export async function sliceImage(
  context: MergeContext,
  { base, images, keys }: SliceParts,
  { cache, order, columns }: SliceImageOptions,
): Promise<SliceImage> {
  const markers = deleteMarkers(context.config.properties);
  const types = columns.map(({ name, type }) => [name, type]);
  const basePath = base?.path ?? null;
  const key = ["slice", IMAGE_VERSION, context.basePath, basePath, order, markers, types, ...keys];
  const kinds = base === null ? ["rows"] : ["rows", "mask"];
  const [rows = "", mask = null] = await cache.get(key, kinds, async ([toRows = "", toMask]) => {
    const file = base && (await localBase(context, base));
    await imageBuilder.run(async (connection) => {
      const merge = new SliceMerge(connection, { images, columns, order, markers, base: file });
      await merge.collect();
      await merge.decide();
      await merge.writeRows(toRows);
      if (toMask !== undefined) await merge.writeMask(toMask);
    });
  });
  return { rows, mask };
}

async function localBase(
  context: MergeContext,
  base: BaseFile,
): Promise<{ path: string; columns: readonly Column[] }> {
  const [path = ""] = await context.storage.localPaths([`${context.basePath}/${base.path}`]);
  const columns = (await historyOf(context).ofBase(context, [base])).get(base) ?? context.columns;
  return { path, columns };
}
