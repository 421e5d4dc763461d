export type { Log, LogRecord, Position, StoredRecord } from "./log.ts";
export { openEmbeddedLog, type EmbeddedLog } from "./embedded/log.ts";
export type { EmbeddedLogOptions } from "./embedded/options.ts";
export { ClusterTopics } from "./kafka/cluster-topics.ts";
export { type KafkaLog, openKafkaLog } from "./kafka/log.ts";
export type { KafkaLogOptions } from "./kafka/options.ts";
export { openReadOnlyLog } from "./embedded/read-only-log.ts";
export {
  DEFAULT_RETENTION,
  retain,
  Retention,
  type RecordExtent,
  type RetainedLog,
  type RetentionFloor,
  type RetentionOptions,
  type RetentionPass,
  type RetentionPolicy,
} from "./retention.ts";
export { splitLines } from "./split-lines.ts";
