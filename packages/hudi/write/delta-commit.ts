import type { BaseFile } from "../file-group/base-file.ts";
import { compactingAt, groupKey, pendingCompactions } from "../services/compaction/pending.ts";
import { sqlText } from "../schema/sql-text.ts";
import { columnsOfBase } from "../schema/schema-history.ts";
import type { TableState } from "../table/table-state.ts";
import type { WriteContext } from "./base-file-writer.ts";
import { writeBaseFiles } from "./base-files.ts";
import type { Change } from "./change.ts";
import { claimOf } from "./claim.ts";
import type { DeltaGroup } from "./delta-group.ts";
import { type LogKeys, locateInLogs } from "./delta-log-keys.ts";
import { writeDeltaLogs } from "./delta-logs.ts";
import { planDelta } from "./delta-plan.ts";
import { findRevivals, writeRevivals } from "./delta-revival.ts";
import { locate } from "./locate.ts";
import type { FileSizing } from "./pack.ts";
import type { Prepared } from "./prepared.ts";
import type { Tags } from "./tag.ts";

/**
 * Plans what a change of a MERGE_ON_READ table writes, and gives what writes it: log files beside the base files whose rows
 * it changes, base files for its new rows.
 */
export async function prepareDelta(
  state: TableState,
  change: Change,
  { sizing }: { sizing: FileSizing | undefined },
): Promise<Prepared> {
  const { storage, basePath, config, columns } = state;
  const compacting = compactingAt(await pendingCompactions(state));
  const { tags, groups: found } = await locateInLogs(state, change, await locate(state, change));
  const revivals = await findRevivals(state, change, tags);
  const { tasks, groups } = await planDelta(state, change, { tags, found, sizing, compacting });
  if (tags !== null && groups.length > 0) await shareOut(state, change, { tags, found, groups });
  const context: Omit<WriteContext, "instant"> = {
    connection: change.connection,
    storage,
    basePath,
    config,
    columns,
    columnsOf: (file) => columnsOfBase(state, file),
    upserts: change.upserts?.name ?? null,
    tags,
  };
  return {
    claim: claimOf(state, change, tags),
    async write({ timestamp }) {
      const files = await writeBaseFiles({ ...context, instant: timestamp }, tasks);
      const anew = await writeRevivals(state, change, { revivals, timestamp, from: files.length });
      const logs = await writeDeltaLogs(
        { state, change, timestamp, compacting },
        groups.map((group) => over(group, anew)),
      );
      return {
        stats: [...files, ...anew, ...logs].map(({ stat }) => stat),
        bases: [...files, ...anew].map(({ file }) => file),
        logs: logs.map(({ log }) => log),
      };
    },
  };
}

/** The group with the base file that this commit has written anew, if it has. */
function over(group: DeltaGroup, anew: readonly { file: BaseFile }[]): DeltaGroup {
  const base = anew.find(({ file }) => groupKey(file) === groupKey(group.slice))?.file;
  return base
    ? { ...group, slice: { ...group.slice, base, baseInstant: base.instant }, isAnew: true }
    : group;
}

/** Makes the delta table: per staged row `r` or staged delete `d` the number `g` of the group whose log file gets it. */
async function shareOut(
  { storage, basePath }: TableState,
  { connection, deltaName, foundName }: Change,
  { tags, found, groups }: { tags: Tags; found: LogKeys["groups"]; groups: readonly DeltaGroup[] },
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
    shares.push(
      `SELECT m.g, t.r, t.d FROM ${tags.name} t JOIN (VALUES ${numbers.join(", ")}) m(f, g) ON t.f = m.f`,
    );
  }
  if (foundNumbers.length > 0) {
    shares.push(
      `SELECT m.g, t.r, t.d FROM ${foundName} t JOIN (VALUES ${foundNumbers.join(", ")}) m(i, g) ON t.g = m.i`,
    );
  }
  await connection.run(`CREATE TEMP TABLE ${deltaName} AS ${shares.join(" UNION ALL ")}`);
}
