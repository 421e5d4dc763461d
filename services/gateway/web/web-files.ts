import { existsSync } from "node:fs";
import { join } from "node:path";
import { fastifyStatic } from "@fastify/static";
import { GridlakeError } from "@gridlake/kernel";
import type { ServiceApp } from "@gridlake/service-kit";
import type { FastifyReply, FastifyRequest } from "fastify";

/** Files whose name carries the hash of what is in them. */
const HASHED_PREFIX = "/assets/";
const IMMUTABLE = "public, max-age=31536000, immutable";
const REVALIDATE = "no-cache";

/**
 * The web application: its files, and its start page for every path that is a page of it. A file with `.br` or `.gz`
 * beside it goes out compressed.
 */
export async function serveWeb(app: ServiceApp, root: string): Promise<void> {
  const start = join(root, "index.html");
  if (!existsSync(start)) return serveNotice(app, root);
  await app.register(fastifyStatic, { root, serve: false, preCompressed: true, cacheControl: false });
  app.get("/*", { config: { access: "public" }, schema: { hide: true } }, (request, reply) => {
    const path = pathOf(request);
    if (path === "/" || isPage(request, path)) {
      return reply.header("cache-control", REVALIDATE).sendFile("index.html");
    }
    return reply
      .header("cache-control", path.startsWith(HASHED_PREFIX) ? IMMUTABLE : REVALIDATE)
      .sendFile(path.slice(1));
  });
}

function serveNotice(app: ServiceApp, root: string): void {
  app.get("/*", { config: { access: "public" }, schema: { hide: true } }, (request, reply: FastifyReply) => {
    if (!isPage(request, pathOf(request)) && pathOf(request) !== "/") return reply.callNotFound();
    throw new GridlakeError("GATEWAY_WEB_NOT_BUILT", "the web application is not built", {
      status: 404,
      remedy: "run: npm run build --workspace @gridlake/web",
      details: { root },
    });
  });
}

/** A place in the application rather than a file: a person asks for it, and its last part has no ending. */
function isPage(request: FastifyRequest, path: string): boolean {
  if (path.startsWith("/api/")) return false;
  const last = path.slice(path.lastIndexOf("/") + 1);
  return !last.includes(".") && (request.headers.accept ?? "").includes("text/html");
}

function pathOf(request: FastifyRequest): string {
  return `/${(request.params as { "*": string })["*"]}`;
}
