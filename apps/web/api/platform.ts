import type { AnalyticsPaths, AuthorityPaths, TelemetryPaths } from "@gridlake/contracts";
import { create, isAxiosError, type AxiosInstance } from "axios";
import type { AnswerOf, BodyOf, PathWith, QueryOf } from "./api-types.ts";

/** Longest wait for an answer; a page shows an error after it, and tries again. */
const ANSWER_TIMEOUT_MS = 15_000;

export type Paths = AnalyticsPaths & AuthorityPaths & TelemetryPaths;
type GetPath = PathWith<Paths, "get">;
type PostPath = PathWith<Paths, "post">;

/** What a GET answers with, by its path. */
export type Answer<P extends GetPath> = AnswerOf<Paths, P, "get">;

/** The platform's HTTP API, on the page's own origin; the session travels in an httpOnly cookie. */
export const platform: AxiosInstance = create({
  timeout: ANSWER_TIMEOUT_MS,
  // ?feeder=F1&feeder=F2, the form the services' schemas read
  paramsSerializer: { indexes: null },
});

/** @throws AxiosError; see platformErrorOf */
export async function get<P extends GetPath>(
  path: P,
  options: { query?: QueryOf<Paths, P, "get">; signal?: AbortSignal } = {},
): Promise<Answer<P>> {
  const { query: params, signal } = options;
  return (await platform.get<Answer<P>>(path, { params, ...(signal === undefined ? {} : { signal }) })).data;
}

/** @throws AxiosError; see platformErrorOf */
export async function post<P extends PostPath>(
  path: P,
  body?: BodyOf<Paths, P, "post">,
): Promise<AnswerOf<Paths, P, "post">> {
  return (await platform.post<AnswerOf<Paths, P, "post">>(path, body)).data;
}

/** Calls `onExpired` whenever the platform no longer knows the session; the error still reaches its caller. */
export function watchSession(client: AxiosInstance, onExpired: () => void): void {
  client.interceptors.response.use(undefined, (error: unknown) => {
    if (isAxiosError(error) && error.response?.status === 401) onExpired();
    return Promise.reject(error);
  });
}
