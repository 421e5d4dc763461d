import type { Role } from "@gridlake/contracts";
import { GridlakeError } from "@gridlake/kernel";
import type { FastifyRequest } from "fastify";

/** Who makes a request, as the gateway (for people and programs) or a sister service vouches for it. */
export interface Principal {
  /** `service` acts for itself; `user` is a person, in a session or through an API token. */
  kind: "user" | "service";
  /** The account's id, or the service's name. */
  subject: string;
  username: string;
  roles: readonly Role[];
  /** The session or API token it came with, for logout and the audit log; null for a service. */
  credential: string | null;
}

/** Who may call a route; every route declares one in `config.access`. `service` is for sister services alone. */
export type Access = "public" | "authenticated" | "service" | readonly Role[];

/** The caller of a route whose access is not public. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) {
    throw new GridlakeError("AUTH_REQUIRED", "the route needs a session or a token", {
      status: 401,
      remedy: "log in, or send Authorization: Bearer with an API token",
    });
  }
  return request.principal;
}

/** @throws AUTH_FORBIDDEN unless `access` lets `principal` in. */
export function assertAllowed(access: Exclude<Access, "public">, principal: Principal): void {
  if (access === "service" ? principal.kind === "service" : principal.kind === "user") {
    if (typeof access === "string" || principal.roles.some((role) => access.includes(role))) return;
  } else if (access === "authenticated") return; // a sister service may do what any signed-in user may
  throw new GridlakeError("AUTH_FORBIDDEN", "the caller's roles do not allow this", {
    status: 403,
    remedy: "ask an administrator for a role that allows it",
    details: { needs: access },
  });
}
