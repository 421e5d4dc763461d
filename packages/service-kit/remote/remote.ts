import { GridlakeError, SECOND_MS } from "@gridlake/kernel";
import createClient, { type Client } from "openapi-fetch";
import type { Instance, Registry } from "../registry/registry.ts";
import { IDENTITY_HEADER } from "../server/access.ts";
import { newRequestId, REQUEST_ID_HEADER } from "../server/request-id.ts";
import type { Caller } from "./caller.ts";
import { callLocal } from "./local-call.ts";

export interface RemoteOptions {
  registry: Registry;
  /** The service to call. */
  service: string;
  caller: Caller;
  /** For the whole answer. @default 5000 */
  timeoutMs?: number;
}

export const DEFAULT_REMOTE_TIMEOUT_MS = 5 * SECOND_MS;

/**
 * The typed client of a sister service (`Paths` from contracts/generated), found through the registry at each call.
 * A refusal comes back as `error` (an ErrorBody); what never reached the service is thrown:
 * @throws SERVICE_UNAVAILABLE, SERVICE_TIMEOUT (retry later)
 */
export function createRemote<Paths extends object>(options: RemoteOptions): Client<Paths> {
  return createClient<Paths>({
    // replaced by the instance's own address; openapi-fetch needs an absolute one
    baseUrl: `http://${options.service}.internal`,
    fetch: (request) => call(options, request),
  });
}

async function call(options: RemoteOptions, request: Request): Promise<Response> {
  const [instances, token] = await Promise.all([
    options.registry.discover(options.service),
    options.caller.token(),
  ]);
  const instance = choose(instances);
  if (instance === undefined) throw unavailable(options.service);
  request.headers.set(IDENTITY_HEADER, token);
  if (!request.headers.has(REQUEST_ID_HEADER)) request.headers.set(REQUEST_ID_HEADER, newRequestId());
  return callInstance(instance, request, options.timeoutMs ?? DEFAULT_REMOTE_TIMEOUT_MS);
}

/**
 * Sends a request to one instance; of its URL, path and query count.
 * @throws SERVICE_UNAVAILABLE, SERVICE_TIMEOUT
 */
export async function callInstance(
  instance: Instance,
  request: Request,
  timeoutMs: number,
): Promise<Response> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    return await send(instance, request, timeout.signal);
  } catch (cause) {
    if (timeout.signal.aborted) throw late(instance.service, timeoutMs, cause);
    throw unavailable(instance.service, cause);
  } finally {
    clearTimeout(timer);
  }
}

async function send(instance: Instance, request: Request, signal: AbortSignal): Promise<Response> {
  const { endpoint } = instance;
  if (endpoint.kind === "local") return callLocal(endpoint.handle, request, signal);
  const { pathname, search } = new URL(request.url);
  const host = endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host;
  const body = request.body === null ? null : await request.arrayBuffer();
  const answer = await fetch(`http://${host}:${endpoint.port}${pathname}${search}`, {
    method: request.method,
    headers: request.headers,
    body,
    redirect: "manual",
    signal,
  });
  // read it here, so that the time limit covers the body too
  const payload = answer.body === null ? null : await answer.arrayBuffer();
  return new Response(payload, { status: answer.status, headers: answer.headers });
}

/** By weight. */
export function choose(
  instances: readonly Instance[],
  random: () => number = Math.random,
): Instance | undefined {
  if (instances.length < 2) return instances[0];
  let at = random() * instances.reduce((sum, instance) => sum + instance.weight, 0);
  for (const instance of instances) {
    at -= instance.weight;
    if (at < 0) return instance;
  }
  return instances.at(-1);
}

function unavailable(service: string, cause?: unknown): GridlakeError {
  return new GridlakeError("SERVICE_UNAVAILABLE", `no instance of ${service} can be reached`, {
    status: 503,
    retry: "later",
    remedy: "wait for it to come back",
    details: { service },
    ...(cause === undefined ? {} : { cause }),
  });
}

function late(service: string, timeoutMs: number, cause: unknown): GridlakeError {
  return new GridlakeError("SERVICE_TIMEOUT", `${service} did not answer within ${timeoutMs} ms`, {
    status: 504,
    retry: "later",
    remedy: "try again later",
    details: { service, timeoutMs },
    cause,
  });
}
