import { type Clock, GridlakeError } from "@gridlake/kernel";
import type { Scope } from "../line/validator.ts";

/** What authority says of a bearer token. */
export interface TokenFacts {
  kind: "device" | "api";
  /** Names the token's holder; kept beside every batch. */
  subject: string;
  /** The devices that it may speak for; `"*"` is all. */
  scope: "*" | readonly string[];
  /** `null` does not expire. */
  expiresAtMs: number | null;
}

/** @returns `null` for a token that is unknown, expired or revoked. */
export type IntrospectToken = (token: string) => Promise<TokenFacts | null>;

/** A device that may send. */
export interface Sender {
  subject: string;
  scope: Scope;
  /** Headers of the log records it writes, made once. */
  headers: Readonly<Record<string, string>>;
}

interface Remembered {
  sender: Sender | "wrong-kind" | "refused";
  untilMs: number;
}

const MAX_REFUSED_TOKENS = 1_000;

/**
 * Tells who sends, by a bounded cache before authority: an answer holds for `ttlMs`, so that a revocation takes effect
 * within it. Refused tokens are kept apart, so that a flood of guesses cannot push the known ones out.
 */
export class DeviceTokens {
  readonly #introspect: IntrospectToken;
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #maxTokens: number;
  readonly #known = new Map<string, Remembered>();
  readonly #refused = new Map<string, Remembered>();
  /** One question a token at a time; as many as there are requests in flight. */
  readonly #asking = new Map<string, Promise<Remembered>>();

  constructor(options: { introspect: IntrospectToken; clock: Clock; ttlMs: number; maxTokens: number }) {
    this.#introspect = options.introspect;
    this.#clock = options.clock;
    this.#ttlMs = options.ttlMs;
    this.#maxTokens = options.maxTokens;
  }

  /**
   * @throws INGEST_TOKEN_MISSING, INGEST_TOKEN_INVALID (401), INGEST_TOKEN_KIND (403),
   *   INGEST_AUTHORITY_UNAVAILABLE (503)
   */
  sender(authorization: string | undefined): Sender | Promise<Sender> {
    const token = bearerToken(authorization);
    const held = this.#known.get(token) ?? this.#refused.get(token);
    if (held !== undefined && held.untilMs > this.#clock.nowMs()) return admit(held);
    return this.#ask(token).then(admit);
  }

  #ask(token: string): Promise<Remembered> {
    const asking = this.#asking.get(token);
    if (asking !== undefined) return asking;
    const answer = this.#introspected(token).finally(() => this.#asking.delete(token));
    this.#asking.set(token, answer);
    return answer;
  }

  async #introspected(token: string): Promise<Remembered> {
    let facts: TokenFacts | null;
    try {
      facts = await this.#introspect(token);
    } catch (cause) {
      throw new GridlakeError("INGEST_AUTHORITY_UNAVAILABLE", "the token cannot be checked now", {
        remedy: "send the same bytes again",
        retry: "later",
        status: 503,
        cause,
      });
    }
    const nowMs = this.#clock.nowMs();
    const expired = facts !== null && facts.expiresAtMs !== null && facts.expiresAtMs <= nowMs;
    this.#known.delete(token);
    this.#refused.delete(token);
    if (facts === null || expired) {
      return remember(this.#refused, MAX_REFUSED_TOKENS, token, {
        sender: "refused",
        untilMs: nowMs + this.#ttlMs,
      });
    }
    const untilMs = Math.min(nowMs + this.#ttlMs, facts.expiresAtMs ?? Number.POSITIVE_INFINITY);
    const sender = facts.kind === "device" ? senderOf(facts) : "wrong-kind";
    return remember(this.#known, this.#maxTokens, token, { sender, untilMs });
  }
}

function remember(
  cache: Map<string, Remembered>,
  capacity: number,
  token: string,
  entry: Remembered,
): Remembered {
  if (cache.size >= capacity) {
    const oldest = cache.keys().next();
    if (!oldest.done) cache.delete(oldest.value);
  }
  cache.set(token, entry);
  return entry;
}

function senderOf(facts: TokenFacts): Sender {
  const { subject, scope } = facts;
  if (scope === "*") return { subject, scope, headers: { subject } };
  return { subject, scope: new Set(scope), headers: { subject, scope: JSON.stringify(scope) } };
}

function admit(entry: Remembered): Sender {
  if (entry.sender === "refused") {
    throw new GridlakeError("INGEST_TOKEN_INVALID", "the token is unknown, expired or revoked", {
      remedy: "ask an administrator for a new device token",
      status: 401,
    });
  }
  if (entry.sender === "wrong-kind") {
    throw new GridlakeError("INGEST_TOKEN_KIND", "readings take a device token, this is another kind", {
      remedy: "send a token that was made with kind device",
      status: 403,
    });
  }
  return entry.sender;
}

function bearerToken(authorization: string | undefined): string {
  const token = /^Bearer +([\w~+/.=-]{1,4096})$/i.exec(authorization ?? "")?.[1];
  if (token !== undefined) return token;
  throw new GridlakeError("INGEST_TOKEN_MISSING", "readings are taken from holders of a device token only", {
    remedy: "send Authorization: Bearer <device token>",
    status: 401,
  });
}
