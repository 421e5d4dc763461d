import { type Clock, GridlakeError } from "@gridlake/kernel";
import type { Database } from "@gridlake/service-kit/db";
import type { AuditLog, Origin } from "../audit/audit-log.ts";
import type { PasswordHasher } from "../password/hash.ts";
import type { Sessions } from "../session/sessions.ts";
import { Account } from "../store/entities.ts";
import type { LockOut } from "./lock-out.ts";

export interface LoginParts {
  db: Database;
  clock: Clock;
  hasher: PasswordHasher;
  lockOut: LockOut;
  sessions: Sessions;
  audit: AuditLog;
}

/** The way in. A wrong password, an unknown name and a disabled account can't be told apart, by words or by time. */
export class Logins {
  readonly #parts: LoginParts;

  constructor(parts: LoginParts) {
    this.#parts = parts;
  }

  /** @throws AUTHORITY_LOGIN_REFUSED, AUTHORITY_LOCKED, AUTHORITY_BUSY */
  async login(
    given: { username: string; password: string },
    origin: Origin,
  ): Promise<{ account: Account; secret: string; expiresAt: Date }> {
    const { db, lockOut, hasher, sessions, audit } = this.#parts;
    const username = given.username.toLowerCase();
    const { last } = await lockOut.attempt(username, origin.address);
    const em = db.fork();
    const account = await em.findOne(Account, { username });
    const right = await hasher.verify(account?.passwordHash, given.password);
    if (account === null || !right || !account.enabled) {
      audit.record(em, { action: "login", outcome: "refused", actor: username }, origin);
      if (last) audit.record(em, { action: "login-locked", outcome: "refused", actor: username }, origin);
      await em.flush();
      throw refused();
    }
    await lockOut.succeeded(username, origin.address);
    if (hasher.isOutdated(account.passwordHash)) account.passwordHash = await hasher.hash(given.password);
    const begun = await sessions.begin(em, account, origin.address);
    audit.record(em, { action: "login", outcome: "done", actor: username }, origin);
    await em.flush();
    return { account, ...begun };
  }
}

function refused(): GridlakeError {
  return new GridlakeError("AUTHORITY_LOGIN_REFUSED", "the name or the password is wrong", {
    status: 401,
    remedy: "check both; an administrator can set a new password",
  });
}
