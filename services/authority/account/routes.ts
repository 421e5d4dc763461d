import { principalOf, type ServiceApp } from "@gridlake/service-kit";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { originOf } from "../audit/audit-log.ts";
import type { AuthorityDeps } from "../deps.ts";
import type { Actor } from "./accounts.ts";
import { AccountId, AccountPage, AccountView, accountView, ChangeAccount, CreateAccount } from "./schemas.ts";

const admin = { access: ["admin"] } as const;

export function accountRoutes(app: ServiceApp, deps: AuthorityDeps): void {
  app.get(
    "/api/authority/users",
    {
      config: admin,
      schema: {
        operationId: "listUsers",
        summary: "Accounts, by name",
        querystring: Type.Object({
          after: Type.Optional(Type.String({ maxLength: 64, description: "names after this one" })),
          limit: Type.Integer({ default: 50, minimum: 1, maximum: 200 }),
        }),
        response: { 200: AccountPage },
      },
    },
    async (request) => {
      const { items, next } = await deps.accounts.list(request.query);
      return { items: items.map(accountView), next };
    },
  );

  app.post(
    "/api/authority/users",
    {
      config: admin,
      schema: {
        operationId: "createUser",
        summary: "Make an account",
        body: CreateAccount,
        response: { 201: AccountView },
      },
    },
    async (request, reply) => {
      const account = await deps.accounts.create(request.body, actorOf(request));
      return reply.code(201).send(accountView(account));
    },
  );

  app.get(
    "/api/authority/users/:id",
    {
      config: admin,
      schema: {
        operationId: "getUser",
        summary: "One account",
        params: AccountId,
        response: { 200: AccountView },
      },
    },
    async (request) => accountView(await deps.accounts.get(request.params.id)),
  );

  app.patch(
    "/api/authority/users/:id",
    {
      config: admin,
      schema: {
        operationId: "changeUser",
        summary: "Change an account, or set its password",
        params: AccountId,
        body: ChangeAccount,
        response: { 200: AccountView },
      },
    },
    async (request) => {
      const { version, ...change } = request.body;
      return accountView(await deps.accounts.change(request.params.id, version, change, actorOf(request)));
    },
  );

  app.delete(
    "/api/authority/users/:id",
    {
      config: admin,
      schema: {
        operationId: "deleteUser",
        summary: "Delete an account, its sessions and its API tokens",
        params: AccountId,
        response: { 204: Type.Null({ description: "gone" }) },
      },
    },
    async (request, reply) => {
      await deps.accounts.remove(request.params.id, actorOf(request));
      return reply.code(204).send(null);
    },
  );
}

function actorOf(request: FastifyRequest): Actor {
  return { username: principalOf(request).username, origin: originOf(request) };
}
