import { isIPv6 } from "node:net";
import { type Clock, GridlakeError, HOUR_MS, MINUTE_MS, SECOND_MS } from "@gridlake/kernel";
import type { Database } from "@gridlake/service-kit/db";
import { Attempts } from "../store/entities.ts";

export interface LockOutRules {
  /** Failures after which the account's name, known or not, is locked. @default 5 */
  accountFailures: number;
  /** The same for an address, behind which there may be many people. @default 20 */
  addressFailures: number;
  /** Of the first lock; each further failure doubles it. @default 30 s */
  firstLockMs: number;
  /** @default 15 min */
  longestLockMs: number;
  /** Failures are forgotten after this time without another. @default 1 h */
  forgetMs: number;
}

export const LOCK_OUT_RULES: LockOutRules = {
  accountFailures: 5,
  addressFailures: 20,
  firstLockMs: 30 * SECOND_MS,
  longestLockMs: 15 * MINUTE_MS,
  forgetMs: HOUR_MS,
};

/** Subjects remembered; the ones longest quiet go first. */
export const MAX_SUBJECTS = 50_000;
/** New subjects between two looks at that bound. */
const SWEEP_EVERY = 500;

/**
 * Locks out who guesses. An attempt is counted before the password is looked at, so that guesses made at once count
 * like guesses made in turn; a success takes its own count back. Survives a restart.
 */
export class LockOut {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #rules: LockOutRules;
  #sinceSweep = 0;

  constructor(db: Database, clock: Clock, rules: LockOutRules = LOCK_OUT_RULES) {
    this.#db = db;
    this.#clock = clock;
    this.#rules = rules;
  }

  /**
   * Counts an attempt. @returns whether it is the last one before a lock.
   * @throws AUTHORITY_LOCKED (429, details.retryAfterSeconds) while the account's name or the address is locked.
   */
  async attempt(username: string, address: string): Promise<{ last: boolean }> {
    const outcome = await this.#db.fork().transactional(async (em) => {
      const nowMs = this.#clock.nowMs();
      const found = new Map(
        (await em.find(Attempts, { subject: { $in: subjects(username, address) } })).map((a) => [
          a.subject,
          a,
        ]),
      );
      const lockedUntilMs = Math.max(0, ...[...found.values()].map((a) => a.lockedUntil.getTime()));
      if (lockedUntilMs > nowMs) return { lockedForMs: lockedUntilMs - nowMs, last: false };
      let last = false;
      for (const subject of subjects(username, address)) {
        const known = found.get(subject);
        const stale = known === undefined || nowMs - known.lastAt.getTime() > this.#rules.forgetMs;
        const failures = (stale ? 0 : known.failures) + 1;
        const lockMs = this.#lockMs(subject, failures);
        last ||= lockMs > 0;
        const state = {
          failures,
          lastAt: new Date(nowMs),
          lockedUntil: new Date(lockMs > 0 ? nowMs + lockMs : 0),
        };
        if (known === undefined) em.persist(em.create(Attempts, { subject, ...state }));
        else em.assign(known, state);
        if (known === undefined) this.#sinceSweep += 1;
      }
      return { lockedForMs: 0, last };
    });
    if (outcome.lockedForMs > 0) throw locked(outcome.lockedForMs);
    if (this.#sinceSweep >= SWEEP_EVERY) await this.#sweep();
    return { last: outcome.last };
  }

  /** After the right password: the account starts anew, the address loses the count of this attempt only. */
  async succeeded(username: string, address: string): Promise<void> {
    const [account, from] = subjects(username, address);
    await this.#db.fork().transactional(async (em) => {
      await em.nativeDelete(Attempts, { subject: account });
      const attempts = await em.findOne(Attempts, { subject: from });
      if (attempts === null) return;
      const failures = Math.max(0, attempts.failures - 1);
      em.assign(attempts, { failures, lockedUntil: new Date(0) });
    });
  }

  #lockMs(subject: string, failures: number): number {
    const { accountFailures, addressFailures, firstLockMs, longestLockMs } = this.#rules;
    const over = failures - (subject.startsWith("account:") ? accountFailures : addressFailures);
    return over < 0 ? 0 : Math.min(longestLockMs, firstLockMs * 2 ** Math.min(over, 30));
  }

  /** Keeps the table within its bound however many names and addresses are tried. */
  async #sweep(): Promise<void> {
    this.#sinceSweep = 0;
    const em = this.#db.fork();
    await em.nativeDelete(Attempts, {
      lastAt: { $lt: new Date(this.#clock.nowMs() - this.#rules.forgetMs) },
    });
    const over = (await em.count(Attempts)) - MAX_SUBJECTS;
    if (over <= 0) return;
    const oldest = await em.find(
      Attempts,
      {},
      { orderBy: { lastAt: "asc" }, limit: over, fields: ["subject"] },
    );
    await em.nativeDelete(Attempts, { subject: { $in: oldest.map((attempts) => attempts.subject) } });
  }
}

function subjects(username: string, address: string): [account: string, address: string] {
  return [`account:${username.slice(0, 64)}`, `address:${network(address)}`];
}

/** An IPv6 customer owns a /64: its 2⁶⁴ addresses are one guesser. */
function network(address: string): string {
  if (!isIPv6(address) || address.startsWith("::ffff:")) return address;
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => "0");
  return `${[...left, ...zeros, ...right].slice(0, 4).join(":")}::/64`;
}

function locked(forMs: number): GridlakeError {
  const retryAfterSeconds = Math.ceil(forMs / 1000);
  return new GridlakeError(
    "AUTHORITY_LOCKED",
    "too many failed logins; this name or address is locked for a while",
    {
      status: 429,
      retry: "later",
      remedy: `try again in ${retryAfterSeconds} s`,
      details: { retryAfterSeconds },
    },
  );
}
