import { groupKey } from "../services/compaction/pending.ts";
import { sqlText } from "../schema/sql-text.ts";
import type { TableState } from "../table/table-state.ts";
import type { Change } from "./change.ts";
import type { DeltaGroup } from "./delta-group.ts";
import type { LogKeys } from "./delta-log-keys.ts";
import type { Revival } from "./delta-revival.ts";
import type { Tags } from "./tag.ts";

/**
 * Makes the delta table: per staged row `r` or staged delete `d` the number `g` of the group whose log file gets it. Rows
 * that come again go into base files.
 */
export async function shareOut(
  { storage, basePath }: TableState,
  { connection, deltaName, foundName, revivedName }: Change,
  {
    tags,
    found,
    groups,
    revivals,
  }: {
    tags: Tags;
    found: LogKeys["groups"];
    groups: readonly DeltaGroup[];
    revivals: readonly Revival[];
  },
): Promise<void> {
  const based = groups.flatMap(({ slice }, g) =>
    slice.base ? [{ path: `${basePath}/${slice.base.path}`, g }] : [],
  );
  const paths = await storage.localPaths(based.map(({ path }) => path));
  const numbers = based.map(({ g }, i) => `(${sqlText(paths[i] ?? "")}, ${g})`);
  const places = new Map(groups.map(({ slice }, g) => [groupKey(slice), g]));
  const foundNumbers = found.flatMap(({ slice }, i) => {
    const g = places.get(groupKey(slice));
    return g === undefined ? [] : [`(${i}, ${g})`];
  });
  const shares: string[] = [];
  if (numbers.length > 0) {
    const stays =
      revivals.length === 0 ? "" : ` WHERE t.r IS NULL OR t.r NOT IN (SELECT r FROM ${revivedName})`;
    shares.push(
      `SELECT m.g, t.r, t.d FROM ${tags.name} t JOIN (VALUES ${numbers.join(", ")}) m(f, g) ON t.f = m.f${stays}`,
    );
  }
  if (foundNumbers.length > 0) {
    shares.push(
      `SELECT m.g, t.r, t.d FROM ${foundName} t JOIN (VALUES ${foundNumbers.join(", ")}) m(i, g) ON t.g = m.i`,
    );
  }
  await connection.run(`CREATE TEMP TABLE ${deltaName} AS ${shares.join(" UNION ALL ")}`);
}
