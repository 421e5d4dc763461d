import { hash, randomBytes, randomUUID } from "node:crypto";
import { type Clock, HOUR_MS, MINUTE_MS } from "@gridlake/kernel";
import type { Principal } from "@gridlake/service-kit";
import type { Database, EntityManager } from "@gridlake/service-kit/db";
import { type Account, Session } from "../store/entities.ts";

export interface SessionRules {
  /** A session ends this long after login, whatever happens. @default 12 h */
  lifeMs: number;
  /** And this long after its last request. @default 1 h */
  idleMs: number;
}

export const SESSION_RULES: SessionRules = { lifeMs: 12 * HOUR_MS, idleMs: HOUR_MS };

/** Sessions of one account; the one longest unused ends when another begins. */
export const MAX_SESSIONS_PER_ACCOUNT = 20;
/** How exactly "last seen" is kept: a write a request would be too dear. */
const SEEN_RESOLUTION_MS = MINUTE_MS;

/** Secrets of 256 random bits need no slow hash: there is nothing to guess. */
export function fingerprint(secret: string): string {
  return hash("sha256", secret, "base64url");
}

export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** Logins that last. The cookie's value is kept nowhere; the store has its fingerprint. */
export class Sessions {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #rules: SessionRules;

  constructor(db: Database, clock: Clock, rules: SessionRules = SESSION_RULES) {
    this.#db = db;
    this.#clock = clock;
    this.#rules = rules;
  }

  /** @returns the cookie's value, told this once. */
  async begin(
    em: EntityManager,
    account: Account,
    address: string,
  ): Promise<{ secret: string; expiresAt: Date }> {
    const secret = newSecret();
    const now = new Date(this.#clock.nowMs());
    const expiresAt = new Date(now.getTime() + this.#rules.lifeMs);
    const others = await em.find(Session, { account }, { orderBy: { lastSeenAt: "desc" } });
    for (const surplus of others.slice(MAX_SESSIONS_PER_ACCOUNT - 1)) em.remove(surplus);
    em.persist(
      em.create(Session, {
        id: randomUUID(),
        hash: fingerprint(secret),
        account,
        address,
        createdAt: now,
        lastSeenAt: now,
        expiresAt,
      }),
    );
    return { secret, expiresAt };
  }

  /** Whose session it is, or null when it is unknown, ended, idle too long, or its account is disabled. */
  async find(secret: string): Promise<{ principal: Principal; expiresAt: Date } | null> {
    const em = this.#db.fork();
    const session = await em.findOne(Session, { hash: fingerprint(secret) }, { populate: ["account"] });
    if (session === null) return null;
    const nowMs = this.#clock.nowMs();
    const idleEndMs = session.lastSeenAt.getTime() + this.#rules.idleMs;
    const account = session.account;
    if (nowMs >= session.expiresAt.getTime() || nowMs >= idleEndMs || !account.enabled) return null;
    if (nowMs - session.lastSeenAt.getTime() >= SEEN_RESOLUTION_MS) {
      await em.nativeUpdate(Session, { id: session.id }, { lastSeenAt: new Date(nowMs) });
    }
    return { principal: principalOfAccount(account, `session:${session.id}`), expiresAt: session.expiresAt };
  }

  async end(em: EntityManager, id: string): Promise<void> {
    await em.nativeDelete(Session, { id });
  }

  /** Ends the account's sessions, but for one. */
  async endAll(em: EntityManager, account: Account, keep?: { id: string }): Promise<void> {
    await em.nativeDelete(Session, { account, ...(keep === undefined ? {} : { id: { $ne: keep.id } }) });
  }

  /** Forgets what has ended. */
  async sweep(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    await this.#db.fork().nativeDelete(Session, {
      $or: [
        { expiresAt: { $lte: new Date(nowMs) } },
        { lastSeenAt: { $lte: new Date(nowMs - this.#rules.idleMs) } },
      ],
    });
  }
}

export function principalOfAccount(account: Account, credential: string): Principal {
  return {
    kind: "user",
    subject: account.id,
    username: account.username,
    roles: account.roles,
    credential,
  };
}

/** The session's id of a principal that came with one; null for an API token. */
export function sessionIdOf(principal: Principal): string | null {
  const { credential } = principal;
  return credential?.startsWith("session:") ? credential.slice("session:".length) : null;
}
