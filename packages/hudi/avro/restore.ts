import {
  type Codec,
  codecOf,
  hudiRecord,
  listOf,
  mapOf,
  optional,
  orNull,
  schemaOf,
  STRINGS,
  versionField,
} from "./record.ts";
import { INSTANT_INFO, type InstantInfo, ROLLBACK_METADATA, type RollbackMetadata } from "./rollback.ts";

/** Names and order are Hudi's. */
export const RESTORE_PLAN = hudiRecord("HoodieRestorePlan", [
  { name: "instantsToRollback", type: listOf(INSTANT_INFO), default: [] },
  versionField(2),
  optional("savepointToRestoreTimestamp", "string"),
]);

/** Names and order are Hudi's. */
export const RESTORE_METADATA = hudiRecord("HoodieRestoreMetadata", [
  { name: "startRestoreTime", type: "string" },
  { name: "timeTakenInMillis", type: "long" },
  { name: "instantsToRollback", type: STRINGS },
  { name: "hoodieRestoreMetadata", type: mapOf(listOf(orNull(schemaOf(ROLLBACK_METADATA)))) },
  versionField(1),
  { name: "restoreInstantInfo", type: listOf("HoodieInstantInfo"), default: [] },
]);

/** Body of `<instant>.restore.requested`. */
export interface RestorePlan {
  /** In the order in which they are rolled back: newest first. */
  instantsToRollback: InstantInfo[];
  /** 2: says what is restored to; 1 did not. */
  version: number | null;
  savepointToRestoreTimestamp: string | null;
}

/** Body of `<instant>.restore`. */
export interface RestoreMetadata {
  startRestoreTime: string;
  timeTakenInMillis: number;
  instantsToRollback: string[];
  /** What each rollback did, by the timestamp of the instant that it undid. */
  hoodieRestoreMetadata: Record<string, (RollbackMetadata | null)[]>;
  version?: number | null;
  restoreInstantInfo: InstantInfo[];
}

export const restorePlan: Codec<RestorePlan> = codecOf(RESTORE_PLAN);
export const restoreMetadata: Codec<RestoreMetadata> = codecOf(RESTORE_METADATA);
