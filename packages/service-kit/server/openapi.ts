import swagger from "@fastify/swagger";
import type { FastifySchema } from "fastify";
import { declaredAccess } from "./access.ts";
import type { ServiceApp } from "./create-server.ts";
import { ErrorSchema } from "./error-schema.ts";
import { withOptionalDefaults } from "./optional-defaults.ts";

/** An OpenAPI 3.1 document as plain data. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description?: string };
  paths: Record<string, Record<string, OpenApiOperation>>;
  components: { schemas?: Record<string, unknown>; securitySchemes?: Record<string, unknown> };
  tags?: { name: string; description?: string }[];
  security?: Record<string, string[]>[];
}

export interface OpenApiOperation {
  tags?: string[];
  summary?: string;
  operationId?: string;
  security?: Record<string, string[]>[];
  responses: Record<string, unknown>;
  /** Who may call it, as the route declares it: the authorisation matrix reads this. */
  "x-gridlake-access": unknown;
}

/** Describes the routes registered after it. */
export async function describeRoutes(
  app: ServiceApp,
  info: { name: string; title: string; version: string; description: string },
): Promise<void> {
  app.addSchema(ErrorSchema);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: info.title, version: info.version, description: info.description },
      tags: [{ name: info.name, description: info.description }],
      components: {
        securitySchemes: {
          session: { type: "apiKey", in: "cookie", name: "gridlake_session" },
          token: { type: "http", scheme: "bearer" },
        },
      },
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) =>
        typeof json.$id === "string" ? json.$id : `schema-${index}`,
    },
    transform: ({ schema, url, route }) => ({ url, schema: withDefaults(info.name, schema, route) }),
  });
}

/** What every operation has: its service's tag, the security that its access means, and the one error shape. */
function withDefaults(service: string, schema: FastifySchema | undefined, route: RouteLike): FastifySchema {
  const access = declaredAccess(route);
  const security = access === "public" ? [] : [{ session: [] }, { token: [] }];
  const described = {
    tags: [service],
    security,
    ...schema,
    ...mapped(schema, ["querystring", "headers", "body"]),
    response: {
      ...(schema?.response as Record<string, unknown> | undefined),
      default: { description: "A refusal", $ref: "ErrorBody#" },
    },
    "x-gridlake-access": access,
  };
  return described;
}

function mapped(schema: FastifySchema | undefined, parts: readonly (keyof FastifySchema)[]): FastifySchema {
  const given = parts.filter((part) => schema?.[part] !== undefined);
  return Object.fromEntries(given.map((part) => [part, withOptionalDefaults(schema?.[part])]));
}

type RouteLike = Parameters<typeof declaredAccess>[0];
