import { randomBytes } from "node:crypto";
import { hash, parseOptions, verify } from "@node-rs/argon2";
import { GridlakeError } from "@gridlake/kernel";
import { normalizePassword } from "./rules.ts";

/** argon2id after OWASP: 19 MiB, two passes, one lane; about 30 ms of one core. */
export const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hashes at work at once: each holds a thread of the pool that file system calls need too. */
const MAX_AT_WORK = 2;
/** Callers that wait behind them; more is a flood. */
const MAX_WAITING = 64;

/** Has the form of a hash, of no password: compared with where there is no account, so that the answer takes as long. */
const DECOY = `$argon2id$v=19$m=${ARGON2.memoryCost},t=${ARGON2.timeCost},p=${ARGON2.parallelism}$${noise(16)}$${noise(32)}`;

/** Hashes passwords, never more than a few at once, so that a flood of logins does not starve the platform. */
export class PasswordHasher {
  #atWork = 0;
  readonly #waiting: (() => void)[] = [];

  hash(password: string): Promise<string> {
    return this.#gated(() => hash(normalizePassword(password), ARGON2));
  }

  /** @param encoded undefined for an account that does not exist: always false, after the same work. */
  async verify(encoded: string | undefined, password: string): Promise<boolean> {
    const right = await this.#gated(() => verify(encoded ?? DECOY, normalizePassword(password)));
    return right && encoded !== undefined;
  }

  /** Whether the hash was made with weaker settings than today's. */
  isOutdated(encoded: string): boolean {
    const made = parseOptions(encoded);
    return made.memoryCost < ARGON2.memoryCost || made.timeCost < ARGON2.timeCost;
  }

  async #gated<T>(work: () => Promise<T>): Promise<T> {
    if (this.#atWork >= MAX_AT_WORK) {
      if (this.#waiting.length >= MAX_WAITING) throw busy();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#atWork += 1;
    }
    try {
      return await work();
    } finally {
      // the place passes straight on, so that nobody slips in between
      const next = this.#waiting.shift();
      if (next === undefined) this.#atWork -= 1;
      else next();
    }
  }
}

/** @returns base64 without padding, as hashes are written */
function noise(bytes: number): string {
  return randomBytes(bytes).toString("base64").replaceAll("=", "");
}

function busy(): GridlakeError {
  return new GridlakeError("AUTHORITY_BUSY", "too many logins at once", {
    status: 503,
    retry: "later",
    remedy: "try again in a few seconds",
    details: { retryAfterSeconds: 3 },
  });
}
