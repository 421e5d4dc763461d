import type { Role } from "@gridlake/contracts";
import { ManualClock } from "@gridlake/kernel";
import {
  CLIENT_ADDRESS_HEADER,
  CLIENT_SCHEME_HEADER,
  createIdentityIssuer,
  createIdentityVerifier,
  createMetrics,
  IDENTITY_HEADER,
  newIdentityKey,
  type Principal,
  silentLogger,
} from "@gridlake/service-kit";
import { type AuthorityOptions, createAuthorityService } from "./index.ts";

export const ADMIN_PASSWORD = "nine transformers hum";

/** Authority with its own clock, for tests; calls go past the gateway, in the name that a test chooses. */
export async function startAuthority(options: Partial<AuthorityOptions> = {}) {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const keys = [newIdentityKey()];
  const issuer = createIdentityIssuer(keys, clock);
  const service = await createAuthorityService(
    { logger: silentLogger(), metrics: createMetrics(), identity: createIdentityVerifier(keys, clock) },
    { databasePath: ":memory:", clock, ...options },
  );
  await service.bootstrapAdmin({ password: ADMIN_PASSWORD });

  const call = async (
    method: "GET" | "POST" | "PATCH" | "DELETE",
    url: string,
    given: { as?: Principal; body?: object; address?: string; https?: boolean } = {},
  ) => {
    const reply = await service.app.inject({
      method,
      url,
      headers: {
        [CLIENT_ADDRESS_HEADER]: given.address ?? "192.0.2.1",
        [CLIENT_SCHEME_HEADER]: given.https ? "https" : "http",
        ...(given.as === undefined ? {} : { [IDENTITY_HEADER]: await issuer.tokenFor(given.as) }),
      },
      ...(given.body === undefined ? {} : { payload: given.body }),
    });
    const body = (reply.body === "" ? {} : reply.json()) as Record<string, unknown>;
    return { status: reply.statusCode, headers: reply.headers, body };
  };

  const sister: Principal = {
    kind: "service",
    subject: "gateway",
    username: "gateway",
    roles: [],
    credential: null,
  };
  const introspect = async (what: "session" | "token", token: string) =>
    (await call("POST", `/api/authority/internal/introspect-${what}`, { as: sister, body: { token } }))
      .body as never as {
      active: boolean;
      principal: Omit<Principal, "kind">;
      devices?: string[] | "*";
      kind?: string;
    };

  const login = (username: string, password: string, address?: string) =>
    call("POST", "/api/authority/login", {
      body: { username, password },
      ...(address === undefined ? {} : { address }),
    });

  /** Logs in and gives the cookie's value and whom it stands for. */
  const session = async (username = "admin", password = ADMIN_PASSWORD) => {
    const { status, headers } = await login(username, password);
    if (status !== 200) throw new Error(`login answered ${status}`);
    const secret = /gridlake_session=([^;]*)/.exec(String(headers["set-cookie"]))?.[1] ?? "";
    const { principal } = await introspect("session", secret);
    return { secret, as: { kind: "user", ...principal } as Principal };
  };

  const addUser = async (username: string, roles: Role[], password = "a quiet night shift") => {
    const { as } = await session();
    const { body } = await call("POST", "/api/authority/users", { as, body: { username, password, roles } });
    return { ...(body as unknown as { id: string; version: number }), password };
  };

  return { service, clock, call, introspect, login, session, addUser, sister };
}
