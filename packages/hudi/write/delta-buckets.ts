import { BUCKET_COLUMN, bucketOf } from "../index/bucket.ts";
import type { FileSlice } from "../file-group/file-slice.ts";
import { sliceRowsSql } from "../read/slice-rows.ts";
import { META_COLUMNS } from "../schema/column.ts";
import { readParquet, sqlName, sqlText } from "../schema/sql-text.ts";
import { recordKeySql } from "../table/record-key.ts";
import type { TableState } from "../table/table-state.ts";
import type { FileTask } from "./base-file-writer.ts";
import type { Change } from "./change.ts";
import type { DeltaGroup } from "./delta-group.ts";
import type { DeltaPlan } from "./delta-plan.ts";
import type { Revival } from "./delta-revival.ts";
import { logFacts } from "./log-facts.ts";
import { rowsOf } from "./rows-of.ts";
import { partitionValueSql } from "./partition-value.ts";

const RECORD_KEY = META_COLUMNS[2];

/** Rows and deletes of a change that are of one bucket. */
interface BucketShare {
  value: string | null;
  bucket: number;
  upserts: number;
  deletes: number;
}

/**
 * In a table with a bucket index the key says where a row is: all rows of a bucket go into the log file of its file group,
 * without a look whether they are there already. The first rows of a bucket make its base file.
 */
export async function planBucketDelta(state: TableState, change: Change): Promise<DeltaPlan> {
  const tasks: FileTask[] = [];
  const groups: DeltaGroup[] = [];
  const shared: (BucketShare & { g: number })[] = [];
  for (const share of await bucketShares(state, change)) {
    const { value, bucket, upserts, deletes } = share;
    const partition = state.partitionOf(value);
    const slice = sliceOfBucket(state, { partition, bucket });
    if (slice) {
      shared.push({ ...share, g: groups.length });
      groups.push({ slice, updates: 0, unlocated: upserts, deletes });
    } else if (upserts > 0) {
      const inserts = { from: null, to: null };
      tasks.push({
        partition,
        partitionValue: value,
        previous: null,
        updates: 0,
        deletes: 0,
        inserts,
        bucket,
      });
    }
  }
  if (groups.length > 0) await shareOutBuckets(state, change, shared);
  return { tags: null, tasks, groups, revivals: await findBucketRevivals(state, change, groups) };
}

async function bucketShares(
  { config: { partitionFields } }: TableState,
  { connection, upserts, deletes }: Change,
): Promise<BucketShare[]> {
  const value = partitionValueSql(partitionFields);
  const shares = [upserts, deletes].flatMap((staged, i) =>
    staged === null
      ? []
      : `SELECT ${value} AS value, ${sqlName(BUCKET_COLUMN)} AS bucket, ${i === 0} AS is_upsert FROM ${staged.name}`,
  );
  if (shares.length === 0) return [];
  const rows = await rowsOf(
    connection,
    `SELECT value, bucket, count(*) FILTER (is_upsert) AS upserts, count(*) FILTER (NOT is_upsert) AS deletes
     FROM (${shares.join(" UNION ALL ")}) GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  return rows.map((row) => ({
    value: row["value"] === null ? null : String(row["value"]),
    bucket: Number(row["bucket"]),
    upserts: Number(row["upserts"]),
    deletes: Number(row["deletes"]),
  }));
}

function sliceOfBucket(
  { view, timeline }: TableState,
  { partition, bucket }: { partition: string; bucket: number },
): FileSlice | null {
  return view.latestSlices(timeline, { partition }).find(({ fileId }) => bucketOf(fileId) === bucket) ?? null;
}

/** Makes the delta table: per staged row `r` or staged delete `d` the number `g` of the group whose log file gets it. */
async function shareOutBuckets(
  { config: { partitionFields, recordKey } }: TableState,
  { connection, upserts, deletes, deltaName }: Change,
  shares: readonly (BucketShare & { g: number })[],
): Promise<void> {
  const values = shares.map(
    ({ value, bucket, g }) => `(${value === null ? "NULL" : sqlText(value)}, ${bucket}, ${g})`,
  );
  const numbers = `(VALUES ${values.join(", ")}) m(value, bucket, g)`;
  const isOf =
    `s.${sqlName(BUCKET_COLUMN)} = m.bucket` +
    (partitionFields.length === 0
      ? ""
      : ` AND ${partitionValueSql(partitionFields, "s")} IS NOT DISTINCT FROM m.value`);
  const parts: string[] = [];
  if (upserts) {
    parts.push(
      `SELECT m.g, s.rowid AS r, CAST(NULL AS BIGINT) AS d FROM ${upserts.name} s JOIN ${numbers} ON ${isOf}`,
    );
  }
  if (deletes) {
    // of a key that is both deleted and upserted, the upsert holds
    const same = [...recordKey, ...partitionFields].map(
      (name) => `u.${sqlName(name)} IS NOT DISTINCT FROM s.${sqlName(name)}`,
    );
    const notUpserted = upserts ? `ANTI JOIN ${upserts.name} u ON ${same.join(" AND ")}` : "";
    parts.push(
      `SELECT m.g, CAST(NULL AS BIGINT) AS r, s.d FROM (SELECT s.*, s.rowid AS d FROM ${deletes.name} s ${notUpserted}) s
       JOIN ${numbers} ON ${isOf}`,
    );
  }
  await connection.run(`CREATE TEMP TABLE ${deltaName} AS ${parts.join(" UNION ALL ")}`);
}

/**
 * Looks into the base files after all where a row may come again: with a lower ordering value than the one deleted, it would
 * lose to that (see delta-revival.ts). Such a base file is written anew without the deleted rows; the row itself goes into
 * the log file.
 */
async function findBucketRevivals(
  state: TableState,
  { connection, upserts, deltaName }: Change,
  groups: readonly DeltaGroup[],
): Promise<Revival[]> {
  const { ordering, mergeMode } = state.config;
  if (ordering === null || mergeMode !== "EVENT_TIME_ORDERING" || upserts === null) return [];
  const found: Revival[] = [];
  for (const [g, { slice, unlocated }] of groups.entries()) {
    const { base } = slice;
    if (base === null || unlocated === 0 || slice.logs.length === 0) continue;
    if (!(await logFacts(state, slice)).mayDelete) continue;
    const [path = ""] = await state.storage.localPaths([`${state.basePath}/${base.path}`]);
    const present = await sliceRowsSql(state, [slice], { columns: [RECORD_KEY] });
    const order = sqlName(ordering);
    const rows = await rowsOf(
      connection,
      `SELECT 1 FROM ${readParquet([path])} b JOIN (
         SELECT ${recordKeySql(state.columns, state.config, "s")} AS k, s.${order} AS o FROM ${upserts.name} s
         JOIN ${deltaName} d ON s.rowid = d.r WHERE d.g = ${g}) s ON b.${RECORD_KEY} = s.k
       WHERE (b.${order} > s.o OR (s.o IS NULL AND b.${order} IS NOT NULL)) AND s.k NOT IN (SELECT ${RECORD_KEY} FROM ${present}) LIMIT 1`,
    );
    if (rows.length > 0) found.push({ slice, g, rows: 0, fromLog: 0 });
  }
  return found;
}
