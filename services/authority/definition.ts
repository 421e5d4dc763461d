import { defineService, type ServiceDefinition } from "@gridlake/service-kit";
import { accountRoutes } from "./account/routes.ts";
import { auditRoutes } from "./audit/routes.ts";
import type { AuthorityDeps } from "./deps.ts";
import { introspectionRoutes } from "./introspection/routes.ts";
import { loginRoutes } from "./login/routes.ts";
import { tokenRoutes } from "./token/routes.ts";

export const authority: ServiceDefinition<AuthorityDeps> = defineService<AuthorityDeps>({
  name: "authority",
  title: "Authority",
  version: "0.1.0",
  description: "Accounts, roles, login, sessions, tokens and the audit log.",
  prefixes: ["/api/authority"],
  routes(app, deps) {
    loginRoutes(app, deps);
    accountRoutes(app, deps);
    tokenRoutes(app, deps);
    auditRoutes(app, deps);
    introspectionRoutes(app, deps);
  },
});
