import type { FastifyInstance, FastifyRequest, RouteOptions } from "fastify";
import { GridlakeError } from "@gridlake/kernel";
import { assertAllowed, type Access, type Principal } from "../identity/principal.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may call the route. Required: a route without it fails when it is registered. */
    access: Access;
  }
  interface FastifyRequest {
    /** Null on public routes. */
    principal: Principal | null;
  }
}

/** Turns the internal identity header into a principal. */
export interface IdentityVerifier {
  /** @throws AUTH_INVALID when the token is forged, expired or not ours. */
  verify(token: string): Promise<Principal>;
}

/** The header in which the gateway and sister services vouch for a caller. Never taken from outside. */
export const IDENTITY_HEADER = "x-gridlake-identity";

/** Demands an access declaration of every route, and holds requests to it. */
export function enforceAccess(app: FastifyInstance, identity: IdentityVerifier | undefined): void {
  app.decorateRequest("principal", null);
  app.addHook("onRoute", (route) => {
    const access = declaredAccess(route);
    if (access === "public") return;
    route.onRequest = [
      async (request: FastifyRequest) => {
        request.principal = await identify(request, identity);
        assertAllowed(access, request.principal);
      },
      ...[route.onRequest ?? []].flat(),
    ];
  });
}

export function declaredAccess(route: Pick<RouteOptions, "config" | "method" | "url">): Access {
  const access = route.config?.access;
  const valid = Array.isArray(access)
    ? access.length > 0
    : access === "public" || access === "authenticated" || access === "service";
  if (access === undefined || !valid) {
    throw new GridlakeError(
      "ROUTE_ACCESS_MISSING",
      `${String(route.method)} ${route.url} declares no access`,
      {
        remedy: 'give the route config: { access: "public" | "authenticated" | "service" | [roles] }',
      },
    );
  }
  return access;
}

async function identify(request: FastifyRequest, identity: IdentityVerifier | undefined): Promise<Principal> {
  const token = request.headers[IDENTITY_HEADER];
  if (typeof token !== "string" || identity === undefined) {
    throw new GridlakeError("AUTH_REQUIRED", "the route needs a session or a token", {
      status: 401,
      remedy: "log in, or send Authorization: Bearer with an API token",
    });
  }
  return identity.verify(token);
}
