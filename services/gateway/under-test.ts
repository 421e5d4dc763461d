import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { systemClock } from "@gridlake/kernel";
import {
  buildService,
  createIdentityIssuer,
  createIdentityVerifier,
  createMetrics,
  defineService,
  EmbeddedRegistry,
  localAnnouncement,
  newIdentityKey,
  type ServiceRuntime,
  silentLogger,
} from "@gridlake/service-kit";
import { createGateway, type GatewayOptions } from "./index.ts";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  json: { error: { code: string; requestId: string; details: Record<string, unknown> } } & Record<
    string,
    unknown
  >;
}

const tell = (request: { headers: object; body: unknown; principal: object | null }) => ({
  headers: request.headers,
  principal: request.principal,
  body: request.body ?? null,
});

/** Tells what of a request reached it. */
export const echo = defineService<object>({
  name: "echo",
  title: "Echo",
  version: "1.0.0",
  description: "tells what it got",
  prefixes: ["/api/echo", "/ingest"],
  routes(app) {
    app.get(
      "/api/echo/public",
      { config: { access: "public" }, schema: { operationId: "echoPublic" } },
      tell,
    );
    app.get("/api/echo/mine", { config: { access: "authenticated" } }, tell);
    app.post("/api/echo/mine", { config: { access: "authenticated" } }, tell);
    app.get("/api/echo/admin", { config: { access: ["admin"] } }, tell);
    app.get("/api/echo/internal/secret", { config: { access: "public" } }, tell);
    app.post("/ingest/readings", { config: { access: "public" } }, tell);
    app.get("/api/echo/stream", { config: { access: "public" } }, (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { "content-type": "text/event-stream" });
      reply.raw.write("data: 1\n\n");
    });
    app.get("/api/echo/slow", { config: { access: "public" } }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { done: true };
    });
  },
});

/** A session or token, and whom it stands for. */
export interface KnownCredential {
  kind: "session" | "token" | "device";
  username: string;
  roles: string[];
}

const introspection =
  (known: Map<string, KnownCredential>, asked: string[]) => (token: string, kinds: string[]) => {
    asked.push(token);
    const found = known.get(token);
    if (found === undefined || !kinds.includes(found.kind)) return { active: false };
    const { username, roles } = found;
    const principal = { subject: username, username, roles, credential: `${found.kind}:1` };
    return {
      active: true,
      kind: found.kind === "token" ? "api" : found.kind,
      principal,
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    };
  };

/**
 * Authority as the gateway sees it, from a table: the gateway does not import authority (services never do), the whole
 * of both is tried by the platform's own tests.
 */
const authorityDouble = (known: Map<string, KnownCredential>, asked: string[]) =>
  defineService<object>({
    name: "authority",
    title: "Authority",
    version: "1.0.0",
    description: "knows whom it is told",
    prefixes: ["/api/authority"],
    routes(app) {
      const answer = introspection(known, asked);
      const introspect = { config: { access: "service" as const } };
      app.post("/api/authority/internal/introspect-session", introspect, (request) =>
        answer((request.body as { token: string }).token, ["session"]),
      );
      app.post("/api/authority/internal/introspect-token", introspect, (request) =>
        answer((request.body as { token: string }).token, ["token", "device"]),
      );
      app.post("/api/authority/login", { config: { access: "public" } }, () => ({ ok: true }));
      app.post("/api/authority/logout", { config: { access: "authenticated" } }, (_request, reply) => {
        known.clear();
        return reply.code(204).send();
      });
    },
  });

/** A gateway on a port of its own, before an echo and a stand-in for authority. */
export async function startGateway(options: Partial<GatewayOptions> = {}) {
  const keys = [newIdentityKey()];
  const issuer = createIdentityIssuer(keys, systemClock);
  const identity = createIdentityVerifier(keys, systemClock);
  const runtime: ServiceRuntime = { logger: silentLogger(), metrics: createMetrics(), identity };
  const registry = new EmbeddedRegistry({ onListenerError: (error) => runtime.logger.error(error) });
  const known = new Map<string, KnownCredential>();
  const asked: string[] = [];
  const services = [
    await buildService(echo, runtime, {}),
    await buildService(authorityDouble(known, asked), runtime, {}),
  ];
  const registrations = await Promise.all(
    services.map((service) => registry.register(localAnnouncement(service))),
  );
  const gateway = await createGateway(runtime, {
    registry,
    issuer,
    clock: systemClock,
    required: ["echo", "authority"],
    ...options,
  });
  const url = await gateway.listen({ host: "127.0.0.1", port: 0 });

  /** Exactly this path and these headers, nothing tidied up on the way. */
  const send = (
    method: string,
    path: string,
    given: { headers?: Record<string, string | string[]>; body?: string | Buffer } = {},
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(url);
      const request = httpRequest(
        { hostname, port, method, path, headers: given.headers, agent: false },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("error", reject);
          answer.on("end", () => {
            const text = Buffer.concat(chunks).toString();
            const isJson = (answer.headers["content-type"] ?? "").includes("json");
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text,
              json: (isJson ? JSON.parse(text) : {}) as Answer["json"],
            });
          });
        },
      );
      request.on("error", reject);
      request.end(given.body);
    });

  const stop = async () => {
    await gateway.stop();
    for (const service of services) await service.stop();
  };
  return { gateway, url, send, known, asked, registry, registrations, services, runtime, issuer, stop };
}
