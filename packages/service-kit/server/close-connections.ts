import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";

/** What runs may finish within this time; then its connection is cut. */
export const CLOSE_GRACE_MS = 5_000;
const SWEEP_MS = 100;

/**
 * Lets a server come to its end when it closes: connections go as they fall idle, the rest after the grace.
 * `server.close()` alone waits for as long as a client likes to keep its connection, and Node takes a connection that
 * was opened ahead and never used for a busy one.
 * @returns call it beside `server.close()`, and what it returns once the server has closed.
 */
export function closesConnections(server: Server): (graceMs?: number) => () => void {
  const unused = new Set<Socket>();
  server.on("connection", (socket) => {
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  server.on("request", (request: IncomingMessage) => unused.delete(request.socket));

  return (graceMs = CLOSE_GRACE_MS) => {
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    for (const socket of unused) socket.destroy();
    return () => {
      clearInterval(sweep);
      clearTimeout(cut);
    };
  };
}
