import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { SECOND_MS } from "@gridlake/kernel";
import type { Probe } from "../engine.ts";

/** What one question may take; the next is asked then. */
const ASK_LIMIT_MS = 3 * SECOND_MS;
const LOOPBACK = "127.0.0.1";

/** Ready when the answer of an HTTP GET on this port passes; `judge` gets its text and says what is missing. */
export function httpReady(
  port: number,
  path: string,
  judge: (text: string) => string | null = () => null,
): Probe {
  const url = `http://${LOOPBACK}:${port}${path}`;
  return async () => {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(ASK_LIMIT_MS) });
      const text = await response.text();
      return response.ok ? judge(text) : `${url} answers ${response.status}`;
    } catch {
      return `no answer from ${url}`;
    }
  };
}

/** Ready when the port takes connections and, if a question is given, the answer holds a text. */
export function tcpReady(port: number, { ask, expect }: { ask?: string; expect?: string } = {}): Probe {
  return () =>
    new Promise((resolve) => {
      const socket = connect({ host: LOOPBACK, port });
      let heard = "";
      const end = (missing: string | null) => {
        socket.destroy();
        resolve(missing);
      };
      socket.setTimeout(ASK_LIMIT_MS, () => end(`port ${port} does not answer`));
      socket.on("error", () => end(`nothing listens on port ${port}`));
      socket.on("connect", () => {
        if (expect === undefined) end(null);
        else if (ask !== undefined) socket.write(ask);
      });
      socket.on("data", (data) => {
        heard += data.toString("latin1");
        if (expect !== undefined && heard.includes(expect)) end(null);
      });
      socket.on("end", () => end(`port ${port} answers ${JSON.stringify(heard)}`));
    });
}

/** Ready when the log, which begins with the process, holds a text. */
export function logReady(logFile: string, text: string): Probe {
  return async () => {
    const log = await readFile(logFile, "utf8").catch(() => "");
    return log.includes(text) ? null : `its log does not say "${text}"`;
  };
}

/** Ready when all are; what is missing is the first that says so. */
export function allReady(...probes: readonly Probe[]): Probe {
  return async () => {
    for (const probe of probes) {
      const missing = await probe();
      if (missing !== null) return missing;
    }
    return null;
  };
}
