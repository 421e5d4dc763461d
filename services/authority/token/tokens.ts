import { randomUUID } from "node:crypto";
import { API_TOKEN_PREFIX, DEVICE_TOKEN_PREFIX, type Role } from "@gridlake/contracts";
import { type Clock, DAY_MS, GridlakeError, MINUTE_MS } from "@gridlake/kernel";
import type { Principal } from "@gridlake/service-kit";
import type { Database } from "@gridlake/service-kit/db";
import type { AuditLog, Origin } from "../audit/audit-log.ts";
import { fingerprint, newSecret, principalOfAccount, sessionIdOf } from "../session/sessions.ts";
import { Account, Token } from "../store/entities.ts";

/** Live and dead, of everybody. */
export const MAX_TOKENS = 100_000;
const USED_RESOLUTION_MS = MINUTE_MS;
/** Who may let devices in. */
const DEVICE_TOKEN_ROLES: readonly Role[] = ["admin", "maintainer"];

export type NewToken = { name: string; expiresInDays: number } & (
  | { kind: "device"; scope: { devices: string[] | "*" } }
  | { kind: "api"; roles?: Role[] | undefined }
);

export interface TokenParts {
  db: Database;
  clock: Clock;
  audit: AuditLog;
}

/** Whom a token speaks for. */
export type TokenIdentity =
  | { kind: "device"; tokenId: string; devices: string[] | "*"; expiresAt: Date }
  | { kind: "api"; tokenId: string; principal: Principal; expiresAt: Date };

/** Tokens for devices and programs. A token is shown once; the store has its fingerprint. */
export class Tokens {
  readonly #parts: TokenParts;

  constructor(parts: TokenParts) {
    this.#parts = parts;
  }

  /** @throws AUTHORITY_TOKEN_FORBIDDEN, AUTHORITY_TOKEN_LIMIT */
  async create(given: NewToken, by: Principal, origin: Origin): Promise<{ token: Token; secret: string }> {
    assertMayCreate(given, by);
    const prefix = given.kind === "device" ? DEVICE_TOKEN_PREFIX : API_TOKEN_PREFIX;
    const secret = prefix + newSecret();
    const now = this.#parts.clock.nowMs();
    return this.#parts.db.fork().transactional(async (em) => {
      if ((await em.count(Token)) >= MAX_TOKENS) throw limit();
      const token = em.create(Token, {
        id: randomUUID(),
        kind: given.kind,
        name: given.name,
        hash: fingerprint(secret),
        devices: given.kind === "device" ? given.scope.devices : null,
        roles: given.kind === "api" ? [...(given.roles ?? by.roles)] : null,
        account: given.kind === "api" ? em.getReference(Account, by.subject) : null,
        createdBy: by.username,
        createdAt: new Date(now),
        expiresAt: new Date(now + given.expiresInDays * DAY_MS),
        lastUsedAt: null,
        revokedAt: null,
      });
      em.persist(token);
      const details = { kind: token.kind, id: token.id, devices: token.devices, roles: token.roles };
      this.#record(em, "token-create", token, by, origin, details);
      return { token, secret };
    });
  }

  /** Newest first: everybody's for an administrator, else one's own. */
  async list(
    by: Principal,
    page: { kind?: "device" | "api" | undefined; offset: number; limit: number },
  ): Promise<{ items: Token[]; total: number }> {
    const where = {
      ...(by.roles.includes("admin") ? {} : { createdBy: by.username }),
      ...(page.kind === undefined ? {} : { kind: page.kind }),
    };
    const [items, total] = await this.#parts.db.fork().findAndCount(Token, where, {
      orderBy: { createdAt: "desc", id: "asc" },
      offset: page.offset,
      limit: page.limit,
    });
    return { items, total };
  }

  /** May be called twice. @throws AUTHORITY_TOKEN_UNKNOWN, also for somebody else's token */
  async revoke(id: string, by: Principal, origin: Origin): Promise<void> {
    await this.#parts.db.fork().transactional(async (em) => {
      const token = await em.findOne(Token, { id });
      if (token === null || !(token.createdBy === by.username || by.roles.includes("admin")))
        throw unknown(id);
      if (token.revokedAt !== null) return;
      token.revokedAt = new Date(this.#parts.clock.nowMs());
      this.#record(em, "token-revoke", token, by, origin, { kind: token.kind, id });
    });
  }

  /** Null when it is unknown, expired, revoked, or its account is disabled. */
  async find(secret: string): Promise<TokenIdentity | null> {
    const em = this.#parts.db.fork();
    const token = await em.findOne(Token, { hash: fingerprint(secret) }, { populate: ["account"] });
    const nowMs = this.#parts.clock.nowMs();
    if (token === null || token.revokedAt !== null || nowMs >= token.expiresAt.getTime()) return null;
    const identity = identityOf(token);
    if (identity !== null && nowMs - (token.lastUsedAt?.getTime() ?? 0) >= USED_RESOLUTION_MS) {
      await em.nativeUpdate(Token, { id: token.id }, { lastUsedAt: new Date(nowMs) });
    }
    return identity;
  }

  #record(
    em: Parameters<AuditLog["record"]>[0],
    action: "token-create" | "token-revoke",
    token: Token,
    by: Principal,
    origin: Origin,
    details: Record<string, unknown>,
  ): void {
    const deed = { action, outcome: "done", actor: by.username, target: token.name, details } as const;
    this.#parts.audit.record(em, deed, origin);
  }
}

function identityOf(token: Token): TokenIdentity | null {
  const { id: tokenId, expiresAt, account } = token;
  if (token.kind === "device") return { kind: "device", tokenId, devices: token.devices ?? [], expiresAt };
  if (account === null || account === undefined || !account.enabled) return null;
  // what the account has lost, its tokens have lost
  const roles = (token.roles ?? []).filter((role) => account.roles.includes(role));
  const principal = { ...principalOfAccount(account, `token:${tokenId}`), roles };
  return { kind: "api", tokenId, principal, expiresAt };
}

function assertMayCreate(given: NewToken, by: Principal): void {
  if (given.kind === "device") {
    if (by.roles.some((role) => DEVICE_TOKEN_ROLES.includes(role))) return;
    throw forbidden(`only ${DEVICE_TOKEN_ROLES.join(" and ")} may make tokens for devices`);
  }
  // else a stolen token could make itself successors for ever
  if (sessionIdOf(by) === null) throw forbidden("an API token can't make another; log in");
  const missing = (given.roles ?? []).filter((role) => !by.roles.includes(role));
  if (missing.length > 0)
    throw forbidden(`nobody can give away roles that they don't have: ${missing.join(", ")}`);
}

function forbidden(message: string): GridlakeError {
  return new GridlakeError("AUTHORITY_TOKEN_FORBIDDEN", message, {
    status: 403,
    remedy: "ask an administrator",
  });
}

function unknown(id: string): GridlakeError {
  return new GridlakeError("AUTHORITY_TOKEN_UNKNOWN", "there is no such token", {
    status: 404,
    remedy: "list the tokens for their ids",
    details: { id },
  });
}

function limit(): GridlakeError {
  return new GridlakeError("AUTHORITY_TOKEN_LIMIT", `there are ${MAX_TOKENS} tokens`, {
    status: 409,
    remedy: "let several devices share a token, or use fewer",
    details: { limit: MAX_TOKENS },
  });
}
