import type { ServiceApp } from "@gridlake/service-kit";
import { Type } from "typebox";
import type { AuthorityDeps } from "../deps.ts";

const Entry = Type.Object({
  id: Type.Integer(),
  at: Type.String({ format: "date-time" }),
  action: Type.String(),
  outcome: Type.Union([Type.Literal("done"), Type.Literal("refused")]),
  actor: Type.String(),
  target: Type.String(),
  address: Type.String(),
  requestId: Type.String(),
  details: Type.Record(Type.String(), Type.Unknown()),
});

export function auditRoutes(app: ServiceApp, deps: AuthorityDeps): void {
  app.get(
    "/api/authority/audit",
    {
      config: { access: ["admin"] },
      schema: {
        operationId: "listAudit",
        summary: "Logins, refusals and changes, newest first",
        querystring: Type.Object({
          before: Type.Optional(
            Type.Integer({ minimum: 1, description: "entries with a lower id: the next page" }),
          ),
          limit: Type.Integer({ default: 100, minimum: 1, maximum: 500 }),
          action: Type.Optional(Type.String({ maxLength: 64 })),
          actor: Type.Optional(Type.String({ maxLength: 64 })),
        }),
        response: { 200: Type.Object({ items: Type.Array(Entry) }) },
      },
    },
    async (request) => {
      const entries = await deps.audit.list(request.query);
      return { items: entries.map((entry) => ({ ...entry, at: entry.at.toISOString() })) };
    },
  );
}
