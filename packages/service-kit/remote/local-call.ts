import type { RequestListener } from "node:http";
import inject, { type Response as InjectResponse } from "light-my-request";

/** Calls a service of this process without a socket: same routes, same hooks, same answer. */
export async function callLocal(
  handle: RequestListener,
  request: Request,
  signal: AbortSignal,
): Promise<Response> {
  const url = new URL(request.url);
  const payload = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
  const answer = inject(handle, {
    method: request.method,
    url: url.pathname + url.search,
    headers: Object.fromEntries(request.headers),
    ...(payload === undefined ? {} : { payload }),
  });
  return asResponse(await abortable(answer, signal));
}

/** An in-process call can't be torn off; its answer is no longer waited for. */
function abortable<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Statuses that carry no body; Response refuses one. */
const BODILESS = new Set([204, 205, 304]);

function asResponse(answer: InjectResponse): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, String(one));
  }
  const body = BODILESS.has(answer.statusCode) ? null : new Uint8Array(answer.rawPayload);
  return new Response(body, { status: answer.statusCode, headers });
}
