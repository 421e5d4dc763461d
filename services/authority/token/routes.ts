import { principalOf, type ServiceApp } from "@gridlake/service-kit";
import { Type, type Static } from "typebox";
import { RoleList } from "../account/schemas.ts";
import { originOf } from "../audit/audit-log.ts";
import type { AuthorityDeps } from "../deps.ts";
import type { Token } from "../store/entities.ts";

/** The longest life of a token. */
const MAX_DAYS = 3_650;
/** Devices named by one token; more share a token for all of them. */
const MAX_SCOPED_DEVICES = 10_000;

const Kind = Type.Union([Type.Literal("device"), Type.Literal("api")]);
const Devices = Type.Union([
  Type.Literal("*"),
  Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: MAX_SCOPED_DEVICES }),
]);
const common = {
  name: Type.String({ minLength: 1, maxLength: 200, description: "what it is for" }),
  expiresInDays: Type.Integer({ default: 365, minimum: 1, maximum: MAX_DAYS }),
};
const CreateToken = Type.Union([
  Type.Object(
    {
      kind: Type.Literal("device"),
      ...common,
      scope: Type.Object({ devices: Devices }, { additionalProperties: false }),
    },
    { additionalProperties: false, description: "lets devices send readings" },
  ),
  Type.Object(
    {
      kind: Type.Literal("api"),
      ...common,
      roles: Type.Optional({ ...RoleList, description: "some of one's own; all of them if left out" }),
    },
    { additionalProperties: false, description: "lets a program act as oneself" },
  ),
]);

const orNull = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()]);
const instant = Type.String({ format: "date-time" });
const TokenView = Type.Object({
  id: Type.String(),
  kind: Kind,
  name: Type.String(),
  scope: Type.Union([Type.Object({ devices: Devices }), Type.Null()], { description: "of a device token" }),
  roles: Type.Union([RoleList, Type.Null()], { description: "of an API token" }),
  createdBy: Type.String(),
  createdAt: instant,
  expiresAt: instant,
  lastUsedAt: orNull(instant),
  revokedAt: orNull(instant),
});

export function tokenRoutes(app: ServiceApp, deps: AuthorityDeps): void {
  app.post(
    "/api/authority/tokens",
    {
      config: { access: "authenticated" },
      schema: {
        operationId: "createToken",
        summary: "Make a token; it is shown this once",
        body: CreateToken,
        response: { 201: Type.Object({ token: Type.String(), ...TokenView.properties }) },
      },
    },
    async (request, reply) => {
      const { token, secret } = await deps.tokens.create(
        request.body,
        principalOf(request),
        originOf(request),
      );
      return reply
        .code(201)
        .header("cache-control", "no-store")
        .send({ token: secret, ...tokenView(token) });
    },
  );

  app.get(
    "/api/authority/tokens",
    {
      config: { access: "authenticated" },
      schema: {
        operationId: "listTokens",
        summary: "My tokens, or everybody's for an administrator; newest first",
        querystring: Type.Object({
          kind: Type.Optional(Kind),
          offset: Type.Integer({ default: 0, minimum: 0, maximum: 1_000_000 }),
          limit: Type.Integer({ default: 50, minimum: 1, maximum: 200 }),
        }),
        response: { 200: Type.Object({ items: Type.Array(TokenView), total: Type.Integer() }) },
      },
    },
    async (request) => {
      const { items, total } = await deps.tokens.list(principalOf(request), request.query);
      return { items: items.map(tokenView), total };
    },
  );

  app.delete(
    "/api/authority/tokens/:id",
    {
      config: { access: "authenticated" },
      schema: {
        operationId: "revokeToken",
        summary: "Revoke a token",
        params: Type.Object({ id: Type.String({ format: "uuid" }) }),
        response: { 204: Type.Null({ description: "it works no more" }) },
      },
    },
    async (request, reply) => {
      await deps.tokens.revoke(request.params.id, principalOf(request), originOf(request));
      return reply.code(204).send(null);
    },
  );
}

function tokenView(token: Token): Static<typeof TokenView> {
  return {
    id: token.id,
    kind: token.kind,
    name: token.name,
    scope: token.devices === null || token.devices === undefined ? null : { devices: token.devices },
    roles: token.roles ?? null,
    createdBy: token.createdBy,
    createdAt: token.createdAt.toISOString(),
    expiresAt: token.expiresAt.toISOString(),
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
    revokedAt: token.revokedAt?.toISOString() ?? null,
  };
}
