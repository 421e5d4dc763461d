import type { BaseFile } from "../file-group/base-file.ts";
import {
  compactingAt,
  groupKey,
  pendingCompactions,
  refuseBesideLogCompaction,
} from "../services/compaction/pending.ts";
import { columnsOfBase } from "../schema/schema-history.ts";
import type { TableState } from "../table/table-state.ts";
import type { WriteContext } from "./base-file-writer.ts";
import { writeBaseFiles } from "./base-files.ts";
import type { Change } from "./change.ts";
import { claimOf } from "./claim.ts";
import { planBucketDelta } from "./delta-buckets.ts";
import type { DeltaGroup } from "./delta-group.ts";
import { writeDeltaLogs } from "./delta-logs.ts";
import { planDelta } from "./delta-plan.ts";
import { writeRevivals } from "./delta-revival.ts";
import type { FileSizing } from "./pack.ts";
import type { Prepared } from "./prepared.ts";

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
  const plan = config.index.kind === "bucket" ? planBucketDelta : planDelta;
  const { tags, tasks, groups, revivals } = await plan(state, change, { sizing, compacting });
  if (revivals.length > 0) refuseBesideLogCompaction(state);
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
