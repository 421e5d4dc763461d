import { GridlakeError } from "@gridlake/kernel";
import createClient, { type Client } from "openapi-fetch";
import { isErrorBody } from "../errors/error-body.ts";

export type { Client } from "openapi-fetch";

export interface ApiOptions {
  /** Where the platform is: `http://127.0.0.1:8080`. @default the page's own origin */
  baseUrl?: string;
  /** An API token; a browser has its session's cookie instead. */
  token?: string;
  /** @default the global one */
  fetch?: (request: Request) => Promise<Response>;
}

/** The typed client of one service: `createApi<AuthorityPaths>()`. */
export function createApi<Paths extends object>(options: ApiOptions = {}): Client<Paths> {
  return createClient<Paths>({
    baseUrl: options.baseUrl ?? "",
    credentials: "same-origin",
    ...(options.token === undefined ? {} : { headers: { authorization: `Bearer ${options.token}` } }),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
}

/**
 * The data of an answer.
 * @throws the GridlakeError that the service answered with (its requestId among the details), or API_UNREACHABLE.
 */
export async function answerOf<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    // between services a call that reached nobody says so itself
    if (cause instanceof GridlakeError) throw cause;
    throw new GridlakeError("API_UNREACHABLE", "the platform can't be reached", {
      retry: "later",
      remedy: "see whether it runs and whether its address is right",
      status: 503,
      cause,
    });
  });
  if (response.ok) return data as T;
  if (!isErrorBody(error)) {
    throw new GridlakeError("API_UNEXPECTED", `the platform answered ${response.status} without saying why`, {
      retry: response.status >= 500 ? "later" : "never",
      remedy: "see whether the address is that of the platform, not of something before it",
      status: response.status,
    });
  }
  const { code, message, remedy, retry, details, requestId } = error.error;
  throw new GridlakeError(code, message, {
    ...(remedy === undefined ? {} : { remedy }),
    retry,
    status: response.status,
    details: { ...details, requestId },
  });
}
