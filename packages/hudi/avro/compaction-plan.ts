import {
  type Codec,
  codecOf,
  hudiRecord,
  listOf,
  mapOf,
  nested,
  optional,
  STRINGS,
  versionField,
} from "./record.ts";

const OPERATION = nested("HoodieCompactionOperation", [
  { name: "baseInstantTime", type: ["null", "string"] },
  optional("deltaFilePaths", STRINGS),
  optional("dataFilePath", "string"),
  { name: "fileId", type: ["null", "string"] },
  optional("partitionPath", "string"),
  optional("metrics", mapOf("double")),
  optional("bootstrapFilePath", "string"),
]);

const STRATEGY = nested("HoodieCompactionStrategy", [
  optional("compactorClassName", "string"),
  optional("strategyParams", mapOf("string")),
  versionField(1),
]);

/** Names and order are Hudi's. */
export const COMPACTION_PLAN = hudiRecord("HoodieCompactionPlan", [
  optional("operations", listOf(OPERATION)),
  optional("extraMetadata", mapOf("string")),
  versionField(1),
  optional("strategy", STRATEGY),
  { name: "preserveHoodieMetadata", type: ["boolean", "null"], default: false },
  optional("missingSchedulePartitions", STRINGS),
]);

/** One file slice to be merged into a base file of its group. */
export interface CompactionOperation {
  /** Of the slice. */
  baseInstantTime: string | null;
  /** Names of the slice's log files, without their folder since plan version 2. */
  deltaFilePaths: string[] | null;
  /** Name of the slice's base file, likewise; null when it has none. */
  dataFilePath: string | null;
  fileId: string | null;
  partitionPath: string | null;
  /** What a strategy weighed the operation by. */
  metrics?: Record<string, number> | null;
}

/** Body of `<instant>.compaction.requested`, and of a log compaction's. */
export interface CompactionPlan {
  operations: CompactionOperation[] | null;
  extraMetadata?: Record<string, string> | null;
  /** 2: names of files; 1: whole paths. */
  version: number | null;
  preserveHoodieMetadata?: boolean | null;
  /** Partitions with log files that this plan leaves out: Hudi 1 looks at these again when it plans the next one. */
  missingSchedulePartitions?: string[] | null;
}

export const compactionPlan: Codec<CompactionPlan> = codecOf(COMPACTION_PLAN);
