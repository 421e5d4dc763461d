import { answerOf, type AuthorityPaths, type Client, type Role } from "@gridlake/contracts";
import type { Clock } from "@gridlake/kernel";
import { BoundedMap, type IdentityIssuer, type Principal } from "@gridlake/service-kit";
import type { Credential } from "./credentials.ts";

/** Credentials remembered; the one checked longest ago goes first. */
const MAX_REMEMBERED = 10_000;

interface Checked {
  /** The internal token that vouches for the caller. */
  identity: string;
  /** Forgotten then: the cache's time, or the end of the session if that is sooner. */
  untilMs: number;
}

/**
 * Turns a session or an API token into an internal identity. What was found valid is remembered for a moment, so that
 * a busy page costs authority one question in two seconds; what was not valid is asked again.
 */
export class Identities {
  readonly #authority: Client<AuthorityPaths>;
  readonly #issuer: IdentityIssuer;
  readonly #clock: Clock;
  readonly #cacheMs: number;
  readonly #remembered = new BoundedMap<string, Checked>(MAX_REMEMBERED);
  readonly #asking = new Map<string, Promise<string | null>>();
  #epoch = 0;

  constructor(options: {
    authority: Client<AuthorityPaths>;
    issuer: IdentityIssuer;
    clock: Clock;
    cacheMs: number;
  }) {
    this.#authority = options.authority;
    this.#issuer = options.issuer;
    this.#clock = options.clock;
    this.#cacheMs = options.cacheMs;
  }

  /** The remembered identity, at once; undefined when authority has to be asked. */
  recall(credential: Credential): string | undefined {
    const known = this.#remembered.get(credential.secret);
    return known !== undefined && this.#clock.nowMs() < known.untilMs ? known.identity : undefined;
  }

  /** Null when the credential is not valid. @throws SERVICE_UNAVAILABLE, SERVICE_TIMEOUT */
  ask(credential: Credential): Promise<string | null> {
    const asked = this.#asking.get(credential.secret);
    if (asked !== undefined) return asked;
    const asking = this.#check(credential).finally(() => {
      // after a `forget` there may be a newer question under the same secret
      if (this.#asking.get(credential.secret) === asking) this.#asking.delete(credential.secret);
    });
    this.#asking.set(credential.secret, asking);
    return asking;
  }

  /** After something changed about sessions, tokens or roles: nothing that was known before holds. */
  forget(): void {
    this.#epoch += 1;
    this.#remembered.clear();
    this.#asking.clear();
  }

  async #check(credential: Credential): Promise<string | null> {
    const epoch = this.#epoch;
    const found =
      credential.kind === "session"
        ? await this.#session(credential.secret)
        : await this.#token(credential.secret);
    if (found === null) return null;
    const identity = await this.#issuer.tokenFor(found.principal);
    if (epoch === this.#epoch) {
      const untilMs = Math.min(this.#clock.nowMs() + this.#cacheMs, Date.parse(found.expiresAt));
      this.#remembered.set(credential.secret, { identity, untilMs });
    }
    return identity;
  }

  async #session(token: string): Promise<Found | null> {
    const answer = await answerOf(
      this.#authority.POST("/api/authority/internal/introspect-session", { body: { token } }),
    );
    return answer.active ? asFound(answer.principal, answer.expiresAt) : null;
  }

  async #token(token: string): Promise<Found | null> {
    const answer = await answerOf(
      this.#authority.POST("/api/authority/internal/introspect-token", { body: { token } }),
    );
    return answer.active && answer.kind === "api" ? asFound(answer.principal, answer.expiresAt) : null;
  }
}

interface Found {
  principal: Principal;
  expiresAt: string;
}

function asFound(
  principal: { subject: string; username: string; roles: Role[]; credential: string },
  expiresAt: string,
): Found {
  return { principal: { kind: "user", ...principal }, expiresAt };
}
