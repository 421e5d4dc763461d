import { encodeBloomFilter } from "../index/bloom-filter.ts";
import { BLOOM_FOOTER, bloomOfParts } from "../index/file-bloom.ts";
import { rowGroups, statisticsOf } from "../parquet/file-metadata.ts";
import { readFooter, setKeyValues, stripIntegerAnnotations } from "../parquet/footer.ts";
import { constantChunk } from "../parquet/made-chunk.ts";
import { type MadeColumn, type Rewrite, rewrite } from "../parquet/rewrite.ts";
import type { ThriftStruct } from "../parquet/thrift-compact.ts";
import { toAvroSchema, withMetaColumns } from "../schema/avro-schema.ts";
import { type Column, META_COLUMNS } from "../schema/column.ts";
import { declareStored } from "../schema/stored-type.ts";
import { findColumn } from "../table/record-key.ts";
import type { TableConfig } from "../table/table-config.ts";

const RECORD_KEY = META_COLUMNS[2];

/** A meta column that is the same in every row. */
export function constantColumn(name: (typeof META_COLUMNS)[number], text: string): MadeColumn {
  return {
    name,
    position: META_COLUMNS.indexOf(name),
    values: ({ rows }) => constantChunk(name, { text, rows }),
  };
}

/**
 * The column whose text is the record key, so that a COPY need not write it twice; null when the key is made of several, of
 * numbers, or names its column.
 */
export function keyTextColumn(
  { recordKey, namesKeys }: Pick<TableConfig, "recordKey" | "namesKeys">,
  columns: readonly Column[],
): string | null {
  const [only, ...more] = recordKey;
  if (only === undefined || more.length > 0 || namesKeys !== false) return null;
  return findColumn(columns, only).type === "VARCHAR" ? only : null;
}

/**
 * Makes of Parquet files that a COPY wrote one that every Hudi engine reads: with the meta columns that they have not, its
 * values stored as Avro would have them, and what engines look for in its footer. Not synced.
 * @returns the new file's footer
 */
export async function finishBaseFile({
  parts,
  target,
  config,
  columns,
  made,
}: Pick<Rewrite, "parts" | "target"> & {
  config: TableConfig;
  columns: readonly Column[];
  /** The meta columns that the COPY left out, in order; the record key is left out where it is a column's text. */
  made: readonly MadeColumn[];
}): Promise<ThriftStruct> {
  let rows = 0;
  for (const { path, groups } of parts) {
    const taken = rowGroups(await readFooter(path)).slice(groups?.from, groups?.to);
    rows += taken.reduce((sum, group) => sum + group.rows, 0);
  }
  const keyText = keyTextColumn(config, columns);
  const bloom = await bloomOfParts(config.index, { parts, column: keyText ?? RECORD_KEY, rows });
  const key: MadeColumn[] =
    keyText === null
      ? []
      : [{ name: RECORD_KEY, position: META_COLUMNS.indexOf(RECORD_KEY), values: { copyOf: keyText } }];
  const schema = withMetaColumns(toAvroSchema(config.name, columns));
  return rewrite({
    parts,
    target,
    made: [...made, ...key].sort((a, b) => a.position - b.position),
    footer: (footer) => {
      stripIntegerAnnotations(footer);
      declareStored(footer, columns);
      setKeyValues(footer, {
        "parquet.avro.schema": JSON.stringify(schema),
        "writer.model.name": "avro",
        [BLOOM_FOOTER.typeCode]: "SIMPLE",
        [BLOOM_FOOTER.filter]: encodeBloomFilter(bloom),
        ...keyBounds(footer),
      });
    },
  });
}

/** The least and the greatest record key; nothing of a file without rows, or whose statistics leave them out. */
function keyBounds(footer: ThriftStruct): Record<string, string> {
  const bounds = rowGroups(footer).map(({ chunks }) => {
    const chunk = chunks.find(({ path }) => path.length === 1 && path[0] === RECORD_KEY);
    return chunk ? statisticsOf(chunk) : { min: null, max: null };
  });
  const mins = bounds.flatMap(({ min }) => min ?? []).sort((a, b) => Buffer.compare(a, b));
  const maxs = bounds.flatMap(({ max }) => max ?? []).sort((a, b) => Buffer.compare(a, b));
  const [min, max] = [mins[0], maxs.at(-1)];
  if (!min || !max || mins.length < bounds.length || maxs.length < bounds.length) return {};
  return { [BLOOM_FOOTER.minKey]: min.toString("utf8"), [BLOOM_FOOTER.maxKey]: max.toString("utf8") };
}
