import { GridlakeError, MIB, MINUTE_MS } from "@gridlake/kernel";

export interface KafkaLogOptions {
  /** Brokers to begin with, as "host:port"; the others are learned from them. */
  bootstrap: readonly string[];
  /** Stands before each topic's name in Kafka, so that several logs can share its brokers. @default "" */
  topicPrefix?: string;
  /** Copies of each topic that the log makes. @default 1 */
  replicas?: number;
  /** What may wait for its acknowledgement; beyond it `append` throws LOG_BUSY. @default 64 MiB */
  maxUnsyncedBytes?: number;
  /** One record's value; beyond it `append` throws LOG_RECORD_TOO_LARGE. @default 16 MiB */
  maxRecordBytes?: number;
  /**
   * One append, which is one batch in Kafka; beyond it `append` throws LOG_RECORD_TOO_LARGE. Appends that wait are sent
   * together up to it. @default 24 MiB
   */
  maxBatchBytes?: number;
  /** What stays free on each broker's disk; `append` throws LOG_FULL rather than go below it. @default 256 MiB */
  minFreeBytes?: number;
  /** How long a call tries while brokers are away, before it throws LOG_UNAVAILABLE. @default 60000 */
  unavailableMs?: number;
}

export interface KafkaLogLimits {
  replicas: number;
  maxUnsyncedBytes: number;
  maxRecordBytes: number;
  maxBatchBytes: number;
  minFreeBytes: number;
  unavailableMs: number;
}

/** @throws LOG_CONFIG_INVALID naming the option and its value. */
export function withDefaults(options: KafkaLogOptions): KafkaLogLimits {
  const limits: KafkaLogLimits = {
    replicas: options.replicas ?? 1,
    maxUnsyncedBytes: options.maxUnsyncedBytes ?? 64 * MIB,
    maxRecordBytes: options.maxRecordBytes ?? 16 * MIB,
    maxBatchBytes: options.maxBatchBytes ?? 24 * MIB,
    minFreeBytes: options.minFreeBytes ?? 256 * MIB,
    unavailableMs: options.unavailableMs ?? MINUTE_MS,
  };
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isSafeInteger(value) && value > 0) continue;
    throw invalid(name, value, "give a whole number above 0");
  }
  if (options.bootstrap.length === 0) throw invalid("bootstrap", "", "name a broker, as 127.0.0.1:9092");
  for (const broker of options.bootstrap) {
    if (!/^[^\s:]+:\d{1,5}$/.test(broker)) throw invalid("bootstrap", broker, "give host:port");
  }
  return limits;
}

function invalid(name: string, value: unknown, remedy: string): GridlakeError {
  return new GridlakeError("LOG_CONFIG_INVALID", `${name} is ${JSON.stringify(value)}`, {
    remedy,
    details: { name, value },
  });
}
