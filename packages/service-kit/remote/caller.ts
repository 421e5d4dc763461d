import type { IdentityIssuer } from "../identity/token.ts";
import type { Principal } from "../identity/principal.ts";

/** In whose name a service calls a sister: its own. */
export interface Caller {
  token(): Promise<string>;
}

export function createCaller(service: string, issuer: IdentityIssuer): Caller {
  const principal: Principal = {
    kind: "service",
    subject: service,
    username: service,
    roles: [],
    credential: null,
  };
  return { token: () => issuer.tokenFor(principal) };
}
