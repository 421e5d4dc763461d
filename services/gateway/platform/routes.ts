import { GridlakeError } from "@gridlake/kernel";
import {
  assertAllowed,
  IDENTITY_HEADER,
  type IdentityVerifier,
  type Metrics,
  type ServiceApp,
} from "@gridlake/service-kit";
import type { FastifyRequest } from "fastify";
import type { PlatformDocument } from "./open-api.ts";

export interface PlatformParts {
  metrics: Metrics;
  identity: IdentityVerifier;
  document: PlatformDocument;
}

/** What the gateway itself answers, beside /healthz and /readyz. */
export function platformRoutes(app: ServiceApp, parts: PlatformParts): void {
  app.get("/api/openapi.json", { config: { access: "public" }, schema: { hide: true } }, () =>
    parts.document.get(),
  );

  // figures of the machine: for whoever sits at it, and for administrators from elsewhere
  app.get("/metrics", { config: { access: "public" }, schema: { hide: true } }, async (request, reply) => {
    if (!isLocal(request)) await assertAdmin(request, parts.identity);
    return reply.type(parts.metrics.registry.contentType).send(await parts.metrics.registry.metrics());
  });
}

/** From this machine, and not handed on by a proxy on it. */
function isLocal(request: FastifyRequest): boolean {
  const forwarded = request.headers["x-forwarded-for"] ?? request.headers["forwarded"];
  const address = request.socket.remoteAddress ?? "";
  return forwarded === undefined && (address === "::1" || /^(::ffff:)?127\./.test(address));
}

async function assertAdmin(request: FastifyRequest, identity: IdentityVerifier): Promise<void> {
  const token = request.headers[IDENTITY_HEADER];
  if (typeof token !== "string") {
    throw new GridlakeError("AUTH_REQUIRED", "metrics are for administrators", {
      status: 401,
      remedy: "send Authorization: Bearer with an administrator's API token, or ask from the machine itself",
    });
  }
  assertAllowed(["admin"], await identity.verify(token));
}
