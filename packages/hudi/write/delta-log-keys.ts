import type { FileSlice } from "../file-group/file-slice.ts";
import { sliceRelation } from "../merge/slice-relation.ts";
import { META_COLUMNS } from "../schema/column.ts";
import { sqlName } from "../schema/sql-text.ts";
import { recordKeySql } from "../table/record-key.ts";
import type { TableState } from "../table/table-state.ts";
import type { Change } from "./change.ts";
import { logFacts } from "./log-facts.ts";
import { rowsOf } from "./rows-of.ts";
import type { Tags } from "./tag.ts";

/** Keys of a change that no base file has, but a log file. */
export interface LogKeys {
  tags: Tags | null;
  /** Their file groups; the number `g` of one in the found table is its place here. */
  groups: { slice: FileSlice; updates: number; deletes: number }[];
}

const RECORD_KEY = META_COLUMNS[2];

/**
 * Looks for the keys that no base file has in those log files where other engines may have put new keys: those of Hudi's
 * record, bucket and Flink's state index do. Makes the found table: per staged row `r` or staged delete `d` its group `g`.
 */
export async function locateInLogs(state: TableState, change: Change, tags: Tags | null): Promise<LogKeys> {
  const { connection, deletes, tagsName, foundName } = change;
  const upserts = change.operation === "upsert" ? change.upserts : null;
  const slices = await slicesWithKeys(
    state,
    [upserts, deletes].flatMap((staged) => staged?.partitions ?? []),
  );
  if (slices.length === 0) return { tags, groups: [] };
  if (tags === null) {
    await connection.run(
      `CREATE TEMP TABLE ${tagsName} (f VARCHAR, n BIGINT, r BIGINT, d BIGINT, stored VARCHAR)`,
    );
  }
  const { columns, config } = state;
  const keys = await keysSql(state, slices);
  const sameKey = (of: string) =>
    [
      `${recordKeySql(columns, config, of)} = l.${RECORD_KEY}`,
      ...config.partitionFields.map(
        (name) => `${of}.${sqlName(name)} IS NOT DISTINCT FROM l.${sqlName(name)}`,
      ),
    ].join(" AND ");
  const found: string[] = [];
  if (upserts) {
    found.push(
      `SELECT min(l.g) AS g, s.rowid AS r, CAST(NULL AS BIGINT) AS d FROM ${upserts.name} s JOIN keys l ON ${sameKey("s")}
       WHERE s.rowid NOT IN (SELECT r FROM ${tagsName} WHERE r IS NOT NULL) GROUP BY s.rowid`,
    );
  }
  if (deletes) {
    // of a key that is both deleted and upserted, the upsert holds
    const upserted = upserts ? `ANTI JOIN ${upserts.name} u ON ${sameKey("u")}` : "";
    found.push(
      `SELECT l.g, CAST(NULL AS BIGINT) AS r, min(s.rowid) AS d FROM ${deletes.name} s JOIN (SELECT l.* FROM keys l ${upserted}) l
       ON ${sameKey("s")} WHERE s.rowid NOT IN (SELECT d FROM ${tagsName} WHERE d IS NOT NULL) GROUP BY l.g, l.${RECORD_KEY}`,
    );
  }
  await connection.run(
    `CREATE TEMP TABLE ${foundName} AS WITH keys AS MATERIALIZED (${keys}) ${found.join(" UNION ALL ")}`,
  );
  // rows with a key are not new ones
  await connection.run(
    `INSERT INTO ${tagsName} SELECT NULL, NULL, r, NULL, NULL FROM ${foundName} WHERE r IS NOT NULL`,
  );
  const counts = await rowsOf(
    connection,
    `SELECT g, count(r) AS updates, count(d) AS deletes FROM ${foundName} GROUP BY g`,
  );
  const groups = slices.map((slice, g) => {
    const row = counts.find((one) => Number(one["g"]) === g);
    return { slice, updates: Number(row?.["updates"] ?? 0), deletes: Number(row?.["deletes"] ?? 0) };
  });
  return { tags: tags ?? { name: tagsName, touched: new Map(), lostTo: [] }, groups };
}

async function slicesWithKeys(
  state: TableState,
  partitions: readonly { value: string | null }[],
): Promise<FileSlice[]> {
  const found: FileSlice[] = [];
  for (const partition of new Set(partitions.map(({ value }) => state.partitionOf(value)))) {
    for (const slice of state.view.latestSlices(state.timeline, { partition })) {
      if (slice.logs.length === 0) continue;
      if (slice.base === null || (await logFacts(state, slice)).mayInsert) found.push(slice);
    }
  }
  return found;
}

/** The keys of the rows that the log files of these slices come to. */
async function keysSql(state: TableState, slices: readonly FileSlice[]): Promise<string> {
  const columns = [RECORD_KEY, ...state.config.partitionFields];
  const relations: string[] = [];
  for (const [g, slice] of slices.entries()) {
    const relation = await sliceRelation(state, [{ ...slice, base: null }], { columns });
    relations.push(`SELECT ${g} AS g, * FROM ${relation}`);
  }
  return relations.join(" UNION ALL ");
}
