import {
  type AnalyticsPaths,
  answerOf,
  type AuthorityPaths,
  type Client,
  createApi,
  SESSION_COOKIE,
  type TelemetryPaths,
} from "@gridlake/contracts";
import { GridlakeError } from "@gridlake/kernel";

/** A running platform, as somebody who may call it. */
export interface Session {
  analytics: Client<AnalyticsPaths>;
  telemetry: Client<TelemetryPaths>;
  /** Logs out, where it has logged in. */
  close(): Promise<void>;
}

/** Takes the given API token, or logs in as admin. @throws CLI_ACCESS_MISSING, AUTH_INVALID, API_UNREACHABLE */
export async function openSession(options: {
  url: string;
  token?: string | undefined;
  adminPassword?: string | undefined;
}): Promise<Session> {
  const { token, adminPassword } = options;
  const baseUrl = options.url.replace(/\/+$/, "");
  if (token !== undefined) {
    const target = { baseUrl, token };
    return {
      analytics: createApi<AnalyticsPaths>(target),
      telemetry: createApi<TelemetryPaths>(target),
      close: async () => undefined,
    };
  }
  if (adminPassword === undefined) {
    throw new GridlakeError("CLI_ACCESS_MISSING", "the platform has to know who asks", {
      remedy: "give --token or GRIDLAKE_TOKEN, or GRIDLAKE_ADMIN_PASSWORD to log in as admin",
    });
  }
  const cookie = await logIn(baseUrl, adminPassword);
  const target = {
    baseUrl,
    fetch: (request: Request) => {
      request.headers.set("cookie", cookie);
      return fetch(request);
    },
  };
  return {
    analytics: createApi<AnalyticsPaths>(target),
    telemetry: createApi<TelemetryPaths>(target),
    close: async () => {
      await createApi<AuthorityPaths>(target).POST("/api/authority/logout");
    },
  };
}

async function logIn(baseUrl: string, password: string): Promise<string> {
  const call = createApi<AuthorityPaths>({ baseUrl }).POST("/api/authority/login", {
    body: { username: "admin", password },
  });
  await answerOf(call);
  const { response } = await call;
  const cookies = response.headers.getSetCookie().map((set) => set.split(";", 1)[0] ?? "");
  return cookies.find((set) => set.startsWith(`${SESSION_COOKIE}=`)) ?? "";
}
