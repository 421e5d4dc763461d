import type { IncomingMessage } from "node:http";
import {
  CLIENT_ADDRESS_HEADER,
  CLIENT_SCHEME_HEADER,
  IDENTITY_HEADER,
  newRequestId,
  REQUEST_ID_HEADER,
} from "@gridlake/service-kit";

/** Who is at the other end. */
export interface Client {
  address: string;
  https: boolean;
}

/** The caller behind the proxies that are trusted, else the peer. */
export function readClient(request: IncomingMessage, trusted: ReadonlySet<string>): Client {
  const peer = plain(request.socket.remoteAddress ?? "");
  const encrypted = "encrypted" in request.socket;
  if (trusted.size === 0 || !trusted.has(peer)) return { address: peer, https: encrypted };
  const forwarded = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((hop) => plain(hop.trim()))
    .filter((hop) => hop !== "");
  // from the right: what the nearest trusted proxy saw; anything further left a client may have made up
  const address = forwarded.findLast((hop) => !trusted.has(hop)) ?? peer;
  const scheme = String(request.headers["x-forwarded-proto"] ?? "")
    .split(",")
    .at(-1)
    ?.trim();
  return { address, https: encrypted || scheme === "https" };
}

/**
 * Puts what the gateway knows in the place of what the caller claims. Headers that vouch are the gateway's alone: a
 * caller's own are overwritten, never passed on.
 * @returns the request's id
 */
export function stamp(request: IncomingMessage, client: Client): string {
  const id = newRequestId();
  const { headers } = request;
  headers[REQUEST_ID_HEADER] = id;
  headers[CLIENT_ADDRESS_HEADER] = client.address;
  headers[CLIENT_SCHEME_HEADER] = client.https ? "https" : "http";
  // undefined, not delete: deleting would slow down every later look at the headers
  if (headers[IDENTITY_HEADER] !== undefined) headers[IDENTITY_HEADER] = undefined;
  return id;
}

function plain(address: string): string {
  return address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
}
