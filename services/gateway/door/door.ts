import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { GridlakeError } from "@gridlake/kernel";
import { asRefusal, IDENTITY_HEADER, type Logger, REQUEST_ID_HEADER } from "@gridlake/service-kit";
import { type Client, readClient, stamp } from "../guard/client.ts";
import { assertSameOrigin, isChange } from "../guard/cross-site.ts";
import { isInternal, readPath } from "../guard/path.ts";
import type { RateLimit } from "../guard/rate-limit.ts";
import { setApiHeaders, setPageHeaders } from "../guard/security-headers.ts";
import { type Credential, invalid, takeCredential } from "../identity/credentials.ts";
import type { Identities } from "../identity/identities.ts";
import type { Forwarder } from "../routing/forward.ts";
import type { RouteTable } from "../routing/route-table.ts";
import { refuse } from "./answer.ts";

/** Device ports: their tokens are theirs to check, and their bodies pass untouched and unread. */
const STRAIGHT_PREFIX = "/ingest";
const AUTHORITY_PREFIX = "/api/authority";
/** Where passwords can be guessed. */
const GUESSABLE = new Set([`${AUTHORITY_PREFIX}/login`, `${AUTHORITY_PREFIX}/password`]);

export interface DoorParts {
  routes: RouteTable;
  forwarder: Forwarder;
  identities: Identities;
  logins: RateLimit;
  /** The gateway's own routes and the web's files. */
  own: RequestListener;
  trustedProxies: ReadonlySet<string>;
  publicOrigins: readonly string[];
  logger: Logger;
  onRefusal: (code: string) => void;
}

/** One request on its way through. */
interface Passage {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  client: Client;
  requestId: string;
}

/**
 * Every request comes through here. In order: whose path is it; device data goes straight on; what is internal does not
 * exist; who is it; may it come from there; is it too often; then on to the service, with an identity in place of the
 * cookie or token.
 */
export class Door {
  readonly #parts: DoorParts;
  readonly #running = new Set<ServerResponse>();
  #closed = false;

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** Takes one request. Answers it, whatever happens. */
  enter(request: IncomingMessage, response: ServerResponse): void {
    const client = readClient(request, this.#parts.trustedProxies);
    const requestId = stamp(request, client);
    response.setHeader(REQUEST_ID_HEADER, requestId);
    try {
      if (this.#closed) throw stopping();
      const passage = { request, response, client, requestId, path: readPath(request.url) };
      this.#admit(passage);
    } catch (error) {
      this.#refuse({ request, response, requestId }, error);
    }
  }

  /** From now on everyone is turned away, and streams that would never end are ended. */
  close(): void {
    this.#closed = true;
    for (const response of this.#running) {
      if (String(response.getHeader("content-type")).startsWith("text/event-stream")) response.end();
    }
  }

  #admit(passage: Passage): void {
    const { request, response, path, client } = passage;
    const route = this.#parts.routes.find(path);
    if (route !== undefined && route.prefix === STRAIGHT_PREFIX && !isInternal(path)) {
      request.headers.cookie = undefined;
      return this.#forward(passage, route);
    }
    this.#running.add(response);
    response.once("close", () => this.#running.delete(response));
    if (isInternal(path)) throw unknown(request, path);
    if (route === undefined && !path.startsWith("/api/")) setPageHeaders(response, client.https);
    else setApiHeaders(response, client.https);
    const credential = takeCredential(request);
    const change = isChange(request.method);
    // a token is never lent by a page, as a cookie is; and who has neither could be made to log in as another
    if (change && credential?.kind !== "token") assertSameOrigin(request, this.#parts.publicOrigins);
    if (change && GUESSABLE.has(path)) this.#parts.logins.take(client.address);
    const pass = (): void => {
      if (route === undefined) this.#parts.own(request, response);
      else this.#forward(passage, route);
    };
    if (credential === null) return pass();
    if (change && route?.prefix === AUTHORITY_PREFIX) this.#forgetAfter(response);
    const known = this.#parts.identities.recall(credential);
    if (known === undefined) return void this.#askThenPass(passage, credential, pass);
    request.headers[IDENTITY_HEADER] = known;
    pass();
  }

  async #askThenPass(passage: Passage, credential: Credential, pass: () => void): Promise<void> {
    try {
      const identity = await this.#parts.identities.ask(credential);
      // an ended session is nobody's: public routes are open to it, the others answer 401
      if (identity === null && credential.kind === "token") throw invalid();
      if (identity !== null) passage.request.headers[IDENTITY_HEADER] = identity;
      pass();
    } catch (error) {
      this.#refuse(passage, error);
    }
  }

  #forward(passage: Passage, route: NonNullable<ReturnType<RouteTable["find"]>>): void {
    const { request, response } = passage;
    if (route.instance === undefined) throw unavailable(route.service);
    this.#parts.forwarder.forward(route.instance, request, response, (error) => this.#refuse(passage, error));
  }

  /** Logout, a new password, a changed role, a revoked token: all hold from the next request on. */
  #forgetAfter(response: ServerResponse): void {
    response.once("finish", () => this.#parts.identities.forget());
  }

  #refuse(passage: Pick<Passage, "request" | "response" | "requestId">, error: unknown): void {
    const { request, response, requestId } = passage;
    const refusal = asRefusal(error);
    this.#parts.onRefusal(refusal.code);
    if (refusal.status === 500)
      this.#parts.logger.error({ err: error, requestId }, "request failed at the gateway");
    if (response.headersSent) return void response.destroy();
    const unread = request.headers["content-length"] !== "0" && isChange(request.method) && !request.complete;
    refuse(response, refusal, { requestId, close: unread || this.#closed });
  }
}

function stopping(): GridlakeError {
  return new GridlakeError("GATEWAY_STOPPING", "the platform is stopping", {
    status: 503,
    retry: "later",
    remedy: "try again when it runs",
    details: { retryAfterSeconds: 5 },
  });
}

function unavailable(service: string): GridlakeError {
  return new GridlakeError("SERVICE_UNAVAILABLE", `no instance of ${service} is ready`, {
    status: 503,
    retry: "later",
    remedy: "try again in a moment",
    details: { service },
  });
}

function unknown(request: IncomingMessage, path: string): GridlakeError {
  return new GridlakeError("ROUTE_UNKNOWN", `there is no ${request.method} ${path.slice(0, 200)}`, {
    status: 404,
    remedy: "see /api/openapi.json for what there is",
  });
}
