import { assert } from "@gridlake/kernel";
import { setKeyValues, stripIntegerAnnotations } from "../parquet/footer.ts";
import { counterChunk } from "../parquet/made-chunk.ts";
import { rewrite } from "../parquet/rewrite.ts";
import { META_COLUMNS } from "../schema/column.ts";
import { sqlNames, sqlText } from "../schema/sql-text.ts";
import { declareStored, storedRowsSql } from "../schema/stored-type.ts";
import { recordKeySql } from "../table/record-key.ts";
import type { TableState } from "../table/table-state.ts";
import type { Change } from "./change.ts";
import type { DeltaGroup } from "./delta-group.ts";
import { constantColumn } from "./finish-base-file.ts";
import { rowsOf } from "./rows-of.ts";

const [TIME, SEQNO, KEY, PARTITION, FILE_NAME] = META_COLUMNS;

/**
 * Writes the rows that the change's delta table gives each of these groups into a Parquet file of its own, with one COPY.
 * @param of.from the number of the first group
 * @param of.into a folder on this machine that is not there yet
 * @returns the files, by the numbers of their groups; none for a group without rows
 */
export async function partRows(
  { columns, config }: TableState,
  { connection, upserts, deltaName }: Change,
  { groups, from, into }: { groups: readonly DeltaGroup[]; from: number; into: string },
): Promise<Map<number, string>> {
  if (upserts === null || groups.every(({ updates, unlocated }) => updates + unlocated === 0)) {
    return new Map();
  }
  const ids = groups.map(({ slice }, i) => `(${from + i}, ${sqlText(slice.fileId)})`);
  const own = columns.map((column) => column.name);
  const rows =
    `SELECT NULL AS ${TIME}, NULL AS ${SEQNO}, ${recordKeySql(columns, config, "s")} AS ${KEY}, ` +
    `NULL AS ${PARTITION}, v.id AS ${FILE_NAME}, ${sqlNames(own, "s")} ` +
    `FROM ${upserts.name} s JOIN ${deltaName} d ON s.rowid = d.r ` +
    `JOIN (VALUES ${ids.join(", ")}) v(g, id) ON d.g = v.g`;
  const files = await rowsOf(
    connection,
    `COPY (SELECT * EXCLUDE (${TIME}, ${SEQNO}, ${PARTITION}) FROM (${storedRowsSql(columns, rows)})) ` +
      `TO ${sqlText(into)} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (${FILE_NAME}), RETURN_STATS)`,
  );
  const numbers = new Map(groups.map(({ slice }, i) => [slice.fileId, from + i]));
  const parted = new Map<number, string>();
  for (const file of files) {
    const [keys] = file["partition_keys"] as unknown as { value: string }[];
    const number = numbers.get(keys?.value ?? "");
    assert(number !== undefined && !parted.has(number), `COPY parted the rows of ${keys?.value} wrongly`);
    parted.set(number, String(file["filename"]));
  }
  return parted;
}

/** Makes of such a file a log block's content, which every Hudi engine reads. */
export async function finishRows(
  path: string,
  {
    columns,
    schema,
    timestamp,
    group,
  }: Pick<TableState, "columns"> & {
    /** The Avro schema of the rows, with the meta columns, as JSON. */
    schema: string;
    timestamp: string;
    group: { number: number; partition: string; fileId: string };
  },
): Promise<void> {
  const prefix = `${timestamp}_${group.number}_`;
  await rewrite({
    parts: [{ path }],
    target: path,
    made: [
      constantColumn(TIME, timestamp),
      {
        name: SEQNO,
        position: META_COLUMNS.indexOf(SEQNO),
        values: ({ firstRow, rows }) => counterChunk(SEQNO, { prefix, first: firstRow, rows }),
      },
      constantColumn(PARTITION, group.partition),
      // in log files, as in Hudi's own, a row's file name is the id of its group
      constantColumn(FILE_NAME, group.fileId),
    ],
    footer: (footer) => {
      stripIntegerAnnotations(footer);
      declareStored(footer, columns);
      setKeyValues(footer, { "parquet.avro.schema": schema, "writer.model.name": "avro" });
    },
  });
}
