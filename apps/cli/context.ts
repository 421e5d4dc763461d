import { resolve } from "node:path";
import type { Platform } from "./platform.ts";

/** All that a command touches of the world around it. */
export interface Context {
  env: Readonly<Record<string, string | undefined>>;
  /** The repository's folder. */
  root: string;
  /** What was asked for; programs may read it. */
  out(text: string): void;
  /** Progress and errors; for people. */
  err(text: string): void;
  /** Loaded on demand: it carries DuckDB and the services, and `--help` needs neither. */
  platform(): Promise<Platform>;
  /** Calls back at each SIGINT or SIGTERM, and when the process that it was started for has gone; @returns the end of it. */
  onStopSignal(listener: (signal: NodeJS.Signals) => void): () => void;
}

/** The context of the process that runs. */
export function processContext(): Context {
  return {
    env: process.env,
    root: resolve(import.meta.dirname, "../.."),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    platform: () => import("@gridlake/platform"),
    onStopSignal(listener) {
      const orphaned = () => listener("SIGTERM");
      process.on("SIGINT", listener);
      process.on("SIGTERM", listener);
      // a parent that opened a channel closes it by going, even when it is killed
      process.on("disconnect", orphaned);
      return () => {
        process.off("SIGINT", listener);
        process.off("SIGTERM", listener);
        process.off("disconnect", orphaned);
        if (process.connected) process.disconnect();
      };
    },
  };
}
