import type { IncomingMessage } from "node:http";
import { GridlakeError } from "@gridlake/kernel";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether the method asks for a change. */
export function isChange(method: string | undefined): boolean {
  return !SAFE_METHODS.has(method ?? "");
}

/**
 * A change that a browser asks for has to come from the platform's own pages. Every browser says where it comes from
 * (Sec-Fetch-Site, else Origin); what says neither is a program, and carries no cookie that a page could have lent it.
 * @throws CSRF_REFUSED
 */
export function assertSameOrigin(request: IncomingMessage, publicOrigins: readonly string[]): void {
  const site = request.headers["sec-fetch-site"];
  const { origin, host } = request.headers;
  if (origin !== undefined && publicOrigins.includes(origin)) return;
  if (site !== undefined) {
    if (site === "same-origin" || site === "none") return;
    throw refused(origin);
  }
  if (origin === undefined) return;
  if (URL.canParse(origin) && new URL(origin).host === host) return;
  throw refused(origin);
}

function refused(origin: string | undefined): GridlakeError {
  return new GridlakeError("CSRF_REFUSED", "a change has to come from the platform's own pages", {
    status: 403,
    remedy:
      "use the platform's pages, or an API token; behind a proxy, list the public origin in publicOrigins",
    details: { origin: origin?.slice(0, 200) ?? null },
  });
}
