import type { ArchivedEntry } from "../../../avro/archived-entry.ts";
import { cleanerPlan } from "../../../avro/clean.ts";
import { compactionPlan } from "../../../avro/compaction-plan.ts";
import { decodeContainer } from "../../../avro/container.ts";
import { requestedReplace } from "../../../avro/requested-replace.ts";
import type { TableState } from "../../../table/table-state.ts";
import { decodeCommitJson } from "../../../timeline/commit-metadata.ts";
import { type Instant, pendingInstant } from "../../../timeline/instant.ts";
import { type PendingFiles, pendingFilesOf } from "../instant-files.ts";

/** The three states of an instant, as Hudi archives them, with what each has to say. */
export async function entriesOf(state: TableState, instant: Instant): Promise<ArchivedEntry[]> {
  const pending = await pendingFilesOf(state, instant);
  const begun = { commitTime: instant.timestamp, actionType: pending.action };
  const path = (stage: "requested" | "inflight") =>
    state.instantPath(pendingInstant(instant.timestamp, pending.action, stage));
  return [
    { ...begun, actionState: "REQUESTED", ...(await requestedBody(pending, path("requested"))) },
    { ...begun, actionState: "INFLIGHT", ...(await inflightBody(pending, path("inflight"))) },
    {
      ...begun,
      actionType: instant.action,
      actionState: "COMPLETED",
      ...(await completedBody(state, instant)),
    },
  ];
}

async function requestedBody(pending: PendingFiles, path: string): Promise<Partial<ArchivedEntry>> {
  const { action, requested } = pending;
  if (requested === null || requested.length === 0) return {};
  switch (action) {
    case "clean":
      return { hoodieCleanerPlan: await cleanerPlan.decode(requested, path) };
    case "compaction":
    case "logcompaction":
      return { hoodieCompactionPlan: await compactionPlan.decode(requested, path) };
    case "replacecommit":
      return { hoodieRequestedReplaceMetadata: await requestedReplace.decode(requested, path) };
    default:
      return {}; // a commit says nothing until it is inflight, and Hudi keeps no plan of a rollback
  }
}

async function inflightBody(
  { action, inflight }: PendingFiles,
  path: string,
): Promise<Partial<ArchivedEntry>> {
  if (inflight === null || inflight.length === 0) return {};
  if (action === "clean") return { hoodieCleanerPlan: await cleanerPlan.decode(inflight, path) };
  const isWrite = action === "commit" || action === "deltacommit" || action === "replacecommit";
  if (!isWrite) return {};
  const metadata = decodeCommitJson(inflight, path);
  return action === "replacecommit"
    ? { HoodieInflightReplaceMetadata: metadata }
    : { hoodieCommitMetadata: metadata };
}

async function completedBody(state: TableState, instant: Instant): Promise<Partial<ArchivedEntry>> {
  const path = state.instantPath(instant);
  const bytes = await state.bytesOf(instant);
  if (instant.action === "clean") return { hoodieCleanMetadata: await decodeContainer(bytes, path) };
  if (instant.action === "rollback") return { hoodieRollbackMetadata: await decodeContainer(bytes, path) };
  const metadata = decodeCommitJson(bytes, path);
  return instant.action === "replacecommit"
    ? { hoodieReplaceCommitMetadata: metadata }
    : { hoodieCommitMetadata: metadata };
}
