import type { IncomingMessage } from "node:http";
import { randomBytes } from "node:crypto";

/** The header in which a request's id travels between the gateway and the services, and back to the caller. */
export const REQUEST_ID_HEADER = "x-request-id";

const FORM = /^[\w.-]{1,64}$/;
const PROCESS = randomBytes(6).toString("base64url");
let count = 0;

/** Unique over processes by a random prefix, cheap by a counter. */
export function newRequestId(): string {
  count += 1;
  return `${PROCESS}-${count.toString(36)}`;
}

/** The caller's id if it has the form of one, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers[REQUEST_ID_HEADER];
  return typeof given === "string" && FORM.test(given) ? given : newRequestId();
}
