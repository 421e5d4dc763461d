import type { Principal, ServiceApp } from "@gridlake/service-kit";
import { Type, type Static } from "typebox";
import { RoleList } from "../account/schemas.ts";
import type { AuthorityDeps } from "../deps.ts";

const Given = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 512 }) },
  { additionalProperties: false },
);
const Inactive = Type.Object(
  { active: Type.Literal(false) },
  { description: "unknown, expired, revoked, or its account is disabled: it is not told which" },
);
const expiresAt = Type.String({ format: "date-time", description: "do not cache it beyond this" });
const PrincipalView = Type.Object({
  subject: Type.String(),
  username: Type.String(),
  roles: RoleList,
  credential: Type.String(),
});

/** For sister services alone; the gateway routes nothing under /internal/. */
export function introspectionRoutes(app: ServiceApp, deps: AuthorityDeps): void {
  app.post(
    "/api/authority/internal/introspect-session",
    {
      config: { access: "service" },
      schema: {
        operationId: "introspectSession",
        summary: "Whose session a cookie carries",
        body: Given,
        response: {
          200: Type.Union([
            Type.Object({ active: Type.Literal(true), principal: PrincipalView, expiresAt }),
            Inactive,
          ]),
        },
      },
    },
    async (request) => {
      const found = await deps.sessions.find(request.body.token);
      if (found === null) return { active: false as const };
      return {
        active: true as const,
        principal: principalView(found.principal),
        expiresAt: found.expiresAt.toISOString(),
      };
    },
  );

  app.post(
    "/api/authority/internal/introspect-token",
    {
      config: { access: "service" },
      schema: {
        operationId: "introspectToken",
        summary: "What a device or API token stands for",
        body: Given,
        response: {
          200: Type.Union([
            Type.Object({
              active: Type.Literal(true),
              kind: Type.Literal("device"),
              tokenId: Type.String(),
              devices: Type.Union([Type.Literal("*"), Type.Array(Type.String())]),
              expiresAt,
            }),
            Type.Object({
              active: Type.Literal(true),
              kind: Type.Literal("api"),
              tokenId: Type.String(),
              principal: PrincipalView,
              expiresAt,
            }),
            Inactive,
          ]),
        },
      },
    },
    async (request) => {
      const found = await deps.tokens.find(request.body.token);
      if (found === null) return { active: false as const };
      const known = {
        active: true as const,
        tokenId: found.tokenId,
        expiresAt: found.expiresAt.toISOString(),
      };
      return found.kind === "device"
        ? { ...known, kind: "device" as const, devices: found.devices }
        : { ...known, kind: "api" as const, principal: principalView(found.principal) };
    },
  );
}

function principalView(principal: Principal): Static<typeof PrincipalView> {
  const { subject, username, roles, credential } = principal;
  return { subject, username, roles: [...roles], credential: credential ?? "" };
}
