import type { IncomingMessage } from "node:http";
import { API_TOKEN_PREFIX, SESSION_COOKIE } from "@gridlake/contracts";
import { GridlakeError } from "@gridlake/kernel";

/** What a caller shows for itself. */
export type Credential = { kind: "session" | "token"; secret: string };

/** A session's secret is 43 characters; nothing near this length is one of ours. */
const MAX_SECRET_LENGTH = 128;
const SECRET = /^[\w-]+$/;

/**
 * Takes the credential off the request, so that no service sees it. A token goes before a cookie.
 * @throws AUTH_INVALID for an Authorization that can't be one of ours; a strange cookie is no cookie.
 */
export function takeCredential(request: IncomingMessage): Credential | null {
  const { authorization, cookie } = request.headers;
  if (cookie !== undefined) request.headers.cookie = undefined;
  if (authorization !== undefined) {
    request.headers.authorization = undefined;
    const secret = /^Bearer ([^ ]+)$/i.exec(authorization)?.[1] ?? "";
    if (secret.startsWith(API_TOKEN_PREFIX) && isSecret(secret)) return { kind: "token", secret };
    throw invalid();
  }
  const secret = cookie === undefined ? undefined : cookieValue(cookie, SESSION_COOKIE);
  return secret !== undefined && isSecret(secret) ? { kind: "session", secret } : null;
}

export function invalid(): GridlakeError {
  return new GridlakeError("AUTH_INVALID", "the token is unknown, expired or revoked", {
    status: 401,
    remedy: "send Authorization: Bearer with a live API token",
  });
}

function isSecret(text: string): boolean {
  return text.length > 0 && text.length <= MAX_SECRET_LENGTH && SECRET.test(text);
}

/** The first of that name (RFC 6265 §5.4: the most specific path comes first). */
function cookieValue(header: string, name: string): string | undefined {
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
