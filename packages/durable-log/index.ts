export type { Log, LogRecord, Position, StoredRecord } from "./log.ts";
export { openEmbeddedLog, type EmbeddedLog } from "./embedded/log.ts";
export type { EmbeddedLogOptions } from "./embedded/options.ts";
export { openReadOnlyLog, type ReadOnlyLog } from "./embedded/read-only-log.ts";
