import { CLEAN_METADATA, CLEANER_PLAN } from "./clean.ts";
import { COMMIT_METADATA, replaceCommitFields } from "./commit-metadata.ts";
import { COMPACTION_PLAN } from "./compaction-plan.ts";
import { hudiRecord, nested, optional, schemaOf, versionField } from "./record.ts";
import { REQUESTED_REPLACE } from "./requested-replace.ts";
import { ROLLBACK_METADATA } from "./rollback.ts";
import { SAVEPOINT_METADATA } from "./savepoint.ts";

/**
 * One state of one instant in the archived timeline of layout 1. Without Hudi's fields for bodies that no instant has had
 * for years (a compaction's own metadata) or that we refuse (indexing): Avro resolves the record by name.
 */
export const ARCHIVED_ENTRY = hudiRecord("HoodieArchivedMetaEntry", [
  optional("hoodieCommitMetadata", schemaOf(COMMIT_METADATA)),
  optional("hoodieCleanMetadata", schemaOf(CLEAN_METADATA)),
  optional("hoodieRollbackMetadata", schemaOf(ROLLBACK_METADATA)),
  optional("hoodieSavePointMetadata", schemaOf(SAVEPOINT_METADATA)),
  optional("commitTime", "string"),
  optional("actionType", "string"),
  versionField(1),
  optional("hoodieCompactionPlan", schemaOf(COMPACTION_PLAN)),
  optional("hoodieCleanerPlan", schemaOf(CLEANER_PLAN)),
  optional("actionState", "string"),
  optional(
    "hoodieReplaceCommitMetadata",
    nested("HoodieReplaceCommitMetadata", replaceCommitFields("HoodieWriteStat")),
  ),
  optional("hoodieRequestedReplaceMetadata", schemaOf(REQUESTED_REPLACE)),
  optional("HoodieInflightReplaceMetadata", "HoodieCommitMetadata"),
  optional("stateTransitionTime", "string"),
]);

export interface ArchivedEntry {
  commitTime: string;
  actionType: string;
  actionState: "REQUESTED" | "INFLIGHT" | "COMPLETED";
  hoodieCommitMetadata?: unknown;
  hoodieCleanMetadata?: unknown;
  hoodieRollbackMetadata?: unknown;
  hoodieSavePointMetadata?: unknown;
  hoodieCompactionPlan?: unknown;
  hoodieCleanerPlan?: unknown;
  hoodieReplaceCommitMetadata?: unknown;
  hoodieRequestedReplaceMetadata?: unknown;
  HoodieInflightReplaceMetadata?: unknown;
}
