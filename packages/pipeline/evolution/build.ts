import type { DuckDBConnection } from "@duckdb/node-api";
import type { LakeTables } from "../checkpoint/lake-tables.ts";
import { type PartRange, partBoundsSql, partSql } from "../dialect/duckdb/parts.ts";
import { ident } from "../dialect/duckdb/quote.ts";
import {
  columnList,
  deletedColumns,
  deletedName,
  keysEqual,
  SEQUENCE,
  stateName,
  storedColumns,
} from "../dialect/duckdb/state-table.ts";
import { type PartAxis, partAxisOf } from "../plan/part-axis.ts";
import type { Maintainer } from "../runtime/maintainer.ts";
import { countRows } from "../runtime/row-count.ts";

/** Input rows that a part is computed of, where the model can be computed in parts. */
const PART_ROWS = 2_000_000;
const MAX_PARTS = 1_000;

export interface BuildProgress {
  rows: number;
  partsDone: number;
  parts: number;
}

/**
 * Fills a new version's state by its batch query over its inputs' state, part by part. Rows that the lake has as they are
 * count to its micro-batch, all others to the one as of which the inputs are read.
 * @param options.former the model under whose name the lake keeps its rows
 */
export async function buildModel(
  connection: DuckDBConnection,
  maintainer: Maintainer,
  options: {
    former: string;
    lake: LakeTables;
    sequence: number;
    partRows?: number;
    onProgress: (progress: BuildProgress) => void;
  },
): Promise<void> {
  const { table, maintained } = maintainer;
  const axis = partAxisOf(maintained.model);
  const ranges = await rangesOf(connection, axis, options.partRows ?? PART_ROWS);
  const inLake = await options.lake.formerSql(options.former);
  const lakeSequence = options.lake.position(options.former)?.sequence ?? 0;
  const names = storedColumns(table).map((column) => column.name);
  const isComparable = inLake !== null && table.columns.every(({ name }) => inLake.columns.includes(name));
  const values = table.columns.map(({ name }) => name).filter((name) => !table.key.includes(name));
  const differ = [`l.${ident(table.key[0] ?? "")} IS NULL`]
    .concat(values.map((name) => `w.${ident(name)} IS DISTINCT FROM l.${ident(name)}`))
    .join(" OR ");
  let rows = 0;
  for (const [at, range] of ranges.entries()) {
    const part = `SELECT ${columnList(names)} FROM (${partSql(maintained.blocks, axis, range)})`;
    const marked = isComparable
      ? `SELECT w.*, CASE WHEN ${differ} THEN ${options.sequence} ELSE ${lakeSequence} END FROM (${part}) AS w
LEFT JOIN (${lakePart(inLake.sql, axis, range)}) AS l ON ${keysEqual(table.key, "w", "l")}`
      : `SELECT *, ${options.sequence} FROM (${part})`;
    const { rowsChanged } = await connection.run(
      `INSERT INTO ${stateName(table.name)} (${columnList(names)}, ${SEQUENCE}) ${marked}`,
    );
    rows += rowsChanged;
    options.onProgress({ rows, partsDone: at + 1, parts: ranges.length });
  }
  if (inLake === null) return;
  const gone = deletedColumns(table);
  await connection.run(`INSERT INTO ${deletedName(table.name)} (${columnList(gone)}, ${SEQUENCE})
SELECT ${columnList(gone, "l")}, ${options.sequence} FROM (${inLake.sql}) AS l
ANTI JOIN ${stateName(table.name)} AS w ON ${keysEqual(table.key, "w", "l")}`);
}

async function rangesOf(
  connection: DuckDBConnection,
  axis: PartAxis | null,
  partRows: number,
): Promise<PartRange[]> {
  if (axis === null) return [{ from: null, to: null }];
  let rows = 0;
  for (const { source } of axis.blocks) rows += await countRows(connection, stateName(source));
  const count = Math.min(MAX_PARTS, Math.ceil(rows / partRows));
  if (count <= 1) return [{ from: null, to: null }];
  const found = (await connection.runAndReadAll(partBoundsSql(axis, count))).getRows();
  const instants = found.flatMap(([at]) => (at === null ? [] : [BigInt(at as bigint)]));
  const bounds = [...new Set(instants)].sort((a, b) => Number(a - b));
  return [null, ...bounds].map((from, at) => ({ from, to: bounds[at] ?? null }));
}

/** A part's rows of the lake: its files are passed over by the range of the instant. */
function lakePart(sql: string, axis: PartAxis | null, { from, to }: PartRange): string {
  if (axis === null || (from === null && to === null)) return sql;
  const output = ident(axis.output);
  const conditions = [
    ...(from === null ? [] : [`${output} >= make_timestamptz(${from})`]),
    ...(to === null ? [] : [`${output} < make_timestamptz(${to})`]),
  ];
  return `SELECT * FROM (${sql}) WHERE ${conditions.join(" AND ")}`;
}
