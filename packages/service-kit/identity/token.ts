import type { Role } from "@gridlake/contracts";
import { ROLES } from "@gridlake/contracts";
import { type Clock, GridlakeError } from "@gridlake/kernel";
import { importJWK, jwtVerify, SignJWT } from "jose";
import type { IdentityKey } from "../config/secrets.ts";
import type { IdentityVerifier } from "../server/access.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { Principal } from "./principal.ts";

/** The one algorithm; a token that names another is refused before its signature is looked at. */
const ALGORITHM = "EdDSA";
const ISSUER = "gridlake";
const AUDIENCE = "gridlake-services";

/** How long a token vouches: longer than any one request needs, too short to be worth stealing. */
export const TOKEN_LIFE_S = 120;
/** A cached token is signed anew once this little of its life is left. */
const RENEW_BEFORE_S = 60;
/** Principals whose token is kept, and tokens whose principal is kept. */
const MAX_CACHED = 10_000;

export interface IdentityIssuer {
  /** A token that vouches for `principal`; signed once a minute at most, kept by credential. */
  tokenFor(principal: Principal): Promise<string>;
}

export function createIdentityIssuer(keys: readonly IdentityKey[], clock: Clock): IdentityIssuer {
  const [key] = keys;
  if (key === undefined) throw new GridlakeError("IDENTITY_NO_KEY", "there is no key to sign with");
  const privateKey = importJWK({ kty: "OKP", crv: "Ed25519", x: key.x, d: key.d }, ALGORITHM);
  const cache = new BoundedMap<string, { token: Promise<string>; renewAtS: number }>(MAX_CACHED);

  const sign = async (principal: Principal, nowS: number): Promise<string> =>
    new SignJWT({
      kind: principal.kind,
      username: principal.username,
      roles: principal.roles,
      credential: principal.credential,
    })
      .setProtectedHeader({ alg: ALGORITHM, kid: key.kid })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(principal.subject)
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + TOKEN_LIFE_S)
      .sign(await privateKey);

  return {
    tokenFor(principal) {
      const nowS = Math.floor(clock.nowMs() / 1000);
      const id = JSON.stringify(principal);
      const known = cache.get(id);
      if (known !== undefined && nowS < known.renewAtS) return known.token;
      const token = sign(principal, nowS);
      cache.set(id, { token, renewAtS: nowS + TOKEN_LIFE_S - RENEW_BEFORE_S });
      return token;
    },
  };
}

export function createIdentityVerifier(
  keys: readonly Pick<IdentityKey, "kid" | "x">[],
  clock: Clock,
): IdentityVerifier {
  const byKid = new Map(
    keys.map(({ kid, x }) => [kid, importJWK({ kty: "OKP", crv: "Ed25519", x }, ALGORITHM)] as const),
  );
  const cache = new BoundedMap<string, { principal: Principal; expiresAtMs: number }>(MAX_CACHED);

  const check = async (token: string): Promise<{ principal: Principal; expiresAtMs: number }> => {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const found = byKid.get(kid ?? "");
        if (found === undefined) throw new Error(`no key ${kid}`);
        return found;
      },
      {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ["sub", "exp"],
        currentDate: new Date(clock.nowMs()),
      },
    );
    return { principal: principalFrom(payload), expiresAtMs: (payload.exp as number) * 1000 };
  };

  return {
    async verify(token) {
      const known = cache.get(token);
      if (known !== undefined && clock.nowMs() < known.expiresAtMs) return known.principal;
      try {
        const checked = await check(token);
        cache.set(token, checked);
        return checked.principal;
      } catch (cause) {
        throw new GridlakeError("AUTH_INVALID", "the internal identity is not valid", {
          status: 401,
          retry: "after-refresh",
          remedy: "log in again; if services disagree on the time or the keys, mend that",
          cause,
        });
      }
    },
  };
}

function principalFrom(payload: Record<string, unknown>): Principal {
  const { kind, sub, username, roles, credential } = payload;
  if (
    (kind === "user" || kind === "service") &&
    typeof sub === "string" &&
    typeof username === "string" &&
    Array.isArray(roles) &&
    roles.every((role): role is Role => (ROLES as readonly unknown[]).includes(role)) &&
    (credential === null || typeof credential === "string")
  ) {
    return { kind, subject: sub, username, roles, credential };
  }
  throw new Error("the claims are not those of a principal");
}
