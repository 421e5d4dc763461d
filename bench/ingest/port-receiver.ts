import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { jsonLine } from "./readings.ts";
import type { ServerMessage } from "./server.ts";
import type { Receiver } from "./turn.ts";

/** The telemetry service alone, without gateway and pipeline. */
export async function portReceiver(dir: string): Promise<Receiver> {
  const server: ChildProcess = fork(new URL("server.ts", import.meta.url), [dir]);
  const [{ port }] = (await once(server, "message")) as [ServerMessage];
  return {
    target: { port, path: "/ingest/readings", contentType: "application/x-ndjson", token: "bench" },
    pid: server.pid ?? 0,
    line: jsonLine,
    settled: () => Promise.resolve(),
    stop: async () => {
      server.send("stop");
      await once(server, "exit");
    },
  };
}
