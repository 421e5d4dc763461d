import { cameOverHttps, principalOf, type ServiceApp } from "@gridlake/service-kit";
import { Type } from "typebox";
import { originOf } from "../audit/audit-log.ts";
import { GivenPassword, Me, meView, NewPassword } from "../account/schemas.ts";
import type { AuthorityDeps } from "../deps.ts";
import { clearedSessionCookie, sessionCookie } from "../session/cookie.ts";
import { sessionIdOf } from "../session/sessions.ts";

export function loginRoutes(app: ServiceApp, deps: AuthorityDeps): void {
  app.post(
    "/api/authority/login",
    {
      config: { access: "public" },
      schema: {
        operationId: "login",
        summary: "Begin a session; the cookie gridlake_session carries it",
        body: Type.Object(
          { username: Type.String({ minLength: 1, maxLength: 64 }), password: GivenPassword },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ user: Me, expiresAt: Type.String({ format: "date-time" }) }),
        },
      },
    },
    async (request, reply) => {
      const { account, secret, expiresAt } = await deps.logins.login(request.body, originOf(request));
      const maxAgeS = Math.floor((expiresAt.getTime() - deps.clock.nowMs()) / 1000);
      return reply
        .header("set-cookie", sessionCookie(secret, { secure: cameOverHttps(request), maxAgeS }))
        .header("cache-control", "no-store")
        .send({ user: meView(account), expiresAt: expiresAt.toISOString() });
    },
  );

  app.post(
    "/api/authority/logout",
    {
      config: { access: "authenticated" },
      schema: {
        operationId: "logout",
        summary: "End the session",
        response: { 204: Type.Null({ description: "the session is over" }) },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const session = sessionIdOf(principal);
      if (session !== null) {
        await deps.db.fork().transactional(async (em) => {
          await deps.sessions.end(em, session);
          const deed = { action: "logout", outcome: "done", actor: principal.username } as const;
          deps.audit.record(em, deed, originOf(request));
        });
      }
      return reply
        .code(204)
        .header("set-cookie", clearedSessionCookie({ secure: cameOverHttps(request) }))
        .send(null);
    },
  );

  app.get(
    "/api/authority/me",
    {
      config: { access: "authenticated" },
      schema: { operationId: "getMe", summary: "Who I am", response: { 200: Me } },
    },
    async (request) => {
      const principal = principalOf(request);
      const account = await deps.accounts.get(principal.subject);
      // an API token may have fewer roles than its account
      return { ...meView(account), roles: [...principal.roles] };
    },
  );

  app.post(
    "/api/authority/password",
    {
      config: { access: "authenticated" },
      schema: {
        operationId: "changePassword",
        summary: "Change my password; my other sessions end",
        body: Type.Object(
          { currentPassword: GivenPassword, newPassword: NewPassword },
          { additionalProperties: false },
        ),
        response: { 204: Type.Null({ description: "changed" }) },
      },
    },
    async (request, reply) => {
      await deps.accounts.changePassword(principalOf(request), request.body, originOf(request));
      return reply.code(204).send(null);
    },
  );
}
