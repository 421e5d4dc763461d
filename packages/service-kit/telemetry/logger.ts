import { pino, type DestinationStream, type Logger } from "pino";

export type { Logger } from "pino";
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

/** What never reaches a log, at the top of an entry or one level below it. */
const SECRET_KEYS = [
  "password",
  "currentPassword",
  "newPassword",
  "token",
  "secret",
  "authorization",
  "cookie",
  '["set-cookie"]',
  '["x-gridlake-identity"]',
];

export interface LoggerOptions {
  /** @default "info" */
  level?: LogLevel;
  /** JSON lines go here. @default standard output */
  destination?: DestinationStream;
}

/** One logger a platform; a service takes `logger.child({ service })`. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const settings = {
    level: options.level ?? "info",
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: SECRET_KEYS.flatMap((key) => (key.startsWith("[") ? [key, `*${key}`] : [key, `*.${key}`])),
      censor: "[redacted]",
    },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

/** Says nothing, for tests and for building documents. */
export function silentLogger(): Logger {
  return pino({ level: "silent" });
}
