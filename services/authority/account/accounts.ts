import { randomUUID } from "node:crypto";
import type { Role } from "@gridlake/contracts";
import { type Clock, GridlakeError } from "@gridlake/kernel";
import type { Principal } from "@gridlake/service-kit";
import type { Database, EntityManager } from "@gridlake/service-kit/db";
import { LockMode } from "@mikro-orm/core";
import type { AuditLog, Deed, Origin } from "../audit/audit-log.ts";
import type { LockOut } from "../login/lock-out.ts";
import type { PasswordHasher } from "../password/hash.ts";
import { assertGoodPassword } from "../password/rules.ts";
import { sessionIdOf, type Sessions } from "../session/sessions.ts";
import { Account } from "../store/entities.ts";

export interface AccountParts {
  db: Database;
  clock: Clock;
  hasher: PasswordHasher;
  lockOut: LockOut;
  sessions: Sessions;
  audit: AuditLog;
}

/** Who acts, and from where. */
export interface Actor {
  username: string;
  origin: Origin;
}

export interface NewAccount {
  username: string;
  displayName?: string | undefined;
  password: string;
  roles: readonly Role[];
}

export interface AccountChange {
  displayName?: string | undefined;
  roles?: readonly Role[] | undefined;
  enabled?: boolean | undefined;
  /** Sets a new password without the old one. */
  password?: string | undefined;
}

/** People and what they may do. There is always somebody left who may administer. */
export class Accounts {
  readonly #parts: AccountParts;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  async list(page: {
    after?: string | undefined;
    limit: number;
  }): Promise<{ items: Account[]; next: string | null }> {
    const where = page.after === undefined ? {} : { username: { $gt: page.after } };
    const found = await this.#parts.db
      .fork()
      .find(Account, where, { orderBy: { username: "asc" }, limit: page.limit + 1 });
    const items = found.slice(0, page.limit);
    return { items, next: found.length > page.limit ? (items.at(-1)?.username ?? null) : null };
  }

  /** @throws AUTHORITY_ACCOUNT_UNKNOWN */
  get(id: string): Promise<Account> {
    return this.#require(this.#parts.db.fork(), id);
  }

  /** @throws AUTHORITY_USERNAME_TAKEN, AUTHORITY_PASSWORD_REFUSED */
  async create(given: NewAccount, actor: Actor): Promise<Account> {
    const username = given.username.toLowerCase();
    assertGoodPassword(given.password, username);
    const passwordHash = await this.#parts.hasher.hash(given.password);
    return this.#parts.db.fork().transactional(async (em) => {
      if ((await em.count(Account, { username })) > 0) throw taken(username);
      const now = new Date(this.#parts.clock.nowMs());
      const account = em.create(Account, {
        id: randomUUID(),
        username,
        displayName: given.displayName ?? username,
        passwordHash,
        roles: unique(given.roles),
        enabled: true,
        createdAt: now,
        updatedAt: now,
        version: 1,
      });
      em.persist(account);
      this.#record(em, actor, {
        action: "account-create",
        target: username,
        details: { roles: account.roles },
      });
      return account;
    });
  }

  /**
   * @param version the state that the caller saw.
   * @throws AUTHORITY_ACCOUNT_UNKNOWN, AUTHORITY_ACCOUNT_CHANGED, AUTHORITY_LAST_ADMIN, AUTHORITY_PASSWORD_REFUSED
   */
  async change(id: string, version: number, change: AccountChange, actor: Actor): Promise<Account> {
    const { password, ...rest } = change;
    const passwordHash = password === undefined ? undefined : await this.#hashFor(id, password);
    return this.#parts.db.fork().transactional(async (em) => {
      const account = await this.#require(em, id);
      if (account.version !== version) throw changed(account);
      const roles = rest.roles === undefined ? account.roles : unique(rest.roles);
      const enabled = rest.enabled ?? account.enabled;
      if (isAdmin(account) && !(enabled && roles.includes("admin")))
        await this.#requireAnotherAdmin(em, account);
      em.assign(account, {
        displayName: rest.displayName ?? account.displayName,
        roles,
        enabled,
        passwordHash: passwordHash ?? account.passwordHash,
        updatedAt: new Date(this.#parts.clock.nowMs()),
      });
      if (!enabled || passwordHash !== undefined) await this.#parts.sessions.endAll(em, account);
      this.#record(em, actor, { action: "account-change", target: account.username, details: rest });
      if (passwordHash !== undefined) {
        this.#record(em, actor, { action: "password-change", target: account.username });
      }
      await em.flush();
      return account;
    });
  }

  /** @throws AUTHORITY_ACCOUNT_UNKNOWN, AUTHORITY_LAST_ADMIN */
  async remove(id: string, actor: Actor): Promise<void> {
    await this.#parts.db.fork().transactional(async (em) => {
      const account = await this.#require(em, id);
      if (isAdmin(account)) await this.#requireAnotherAdmin(em, account);
      em.remove(account);
      this.#record(em, actor, { action: "account-delete", target: account.username });
    });
  }

  /**
   * One's own password. The other sessions end. Wrong guesses at the present one count like failed logins.
   * @throws AUTHORITY_PASSWORD_WRONG, AUTHORITY_PASSWORD_REFUSED, AUTHORITY_LOCKED
   */
  async changePassword(
    principal: Principal,
    given: { currentPassword: string; newPassword: string },
    origin: Origin,
  ): Promise<void> {
    const { db, hasher, lockOut, sessions, audit } = this.#parts;
    const { username } = principal;
    await lockOut.attempt(username, origin.address);
    const em = db.fork();
    const account = await this.#require(em, principal.subject);
    if (!(await hasher.verify(account.passwordHash, given.currentPassword))) {
      audit.record(
        em,
        { action: "password-change", outcome: "refused", actor: username, target: username },
        origin,
      );
      await em.flush();
      throw wrongPassword();
    }
    await lockOut.succeeded(username, origin.address);
    assertGoodPassword(given.newPassword, username);
    const passwordHash = await hasher.hash(given.newPassword);
    const keep = sessionIdOf(principal);
    await em.transactional(async (work) => {
      work.assign(account, { passwordHash, updatedAt: new Date(this.#parts.clock.nowMs()) });
      await sessions.endAll(work, account, ...(keep === null ? [] : [{ id: keep }]));
      this.#record(work, { username, origin }, { action: "password-change", target: username });
    });
  }

  isPassword(account: Account, password: string): Promise<boolean> {
    return this.#parts.hasher.verify(account.passwordHash, password);
  }

  async #hashFor(id: string, password: string): Promise<string> {
    const account = await this.get(id);
    assertGoodPassword(password, account.username);
    return this.#parts.hasher.hash(password);
  }

  async #require(em: EntityManager, id: string): Promise<Account> {
    const account = await em.findOne(Account, { id });
    if (account !== null) return account;
    throw new GridlakeError("AUTHORITY_ACCOUNT_UNKNOWN", "there is no such account", {
      status: 404,
      remedy: "list the accounts; it may have been deleted",
      details: { id },
    });
  }

  async #requireAnotherAdmin(em: EntityManager, account: Account): Promise<void> {
    const others = await em.find(
      Account,
      { enabled: true, id: { $ne: account.id } },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    );
    if (others.some(isAdmin)) return;
    throw new GridlakeError("AUTHORITY_LAST_ADMIN", `${account.username} is the last who may administer`, {
      status: 409,
      remedy: "make somebody else an administrator first",
    });
  }

  #record(em: EntityManager, actor: Actor, deed: Omit<Deed, "actor" | "outcome">): void {
    this.#parts.audit.record(em, { ...deed, outcome: "done", actor: actor.username }, actor.origin);
  }
}

function isAdmin(account: Account): boolean {
  return account.enabled && account.roles.includes("admin");
}

function unique(roles: readonly Role[]): Role[] {
  return [...new Set(roles)];
}

function taken(username: string): GridlakeError {
  return new GridlakeError("AUTHORITY_USERNAME_TAKEN", `there is already an account ${username}`, {
    status: 409,
    remedy: "choose another name",
    details: { username },
  });
}

function changed(account: Account): GridlakeError {
  return new GridlakeError("AUTHORITY_ACCOUNT_CHANGED", `${account.username} was changed by somebody else`, {
    status: 409,
    retry: "after-refresh",
    remedy: "read it again and repeat the change",
    details: { version: account.version },
  });
}

function wrongPassword(): GridlakeError {
  return new GridlakeError("AUTHORITY_PASSWORD_WRONG", "the present password is wrong", {
    status: 403,
    remedy: "type the present password again",
  });
}
