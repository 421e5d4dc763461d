export type { Log, LogRecord, Position, StoredRecord } from "./log.ts";
