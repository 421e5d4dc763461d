import type { Clock } from "@gridlake/kernel";
import { clientAddressOf } from "@gridlake/service-kit";
import type { Database, EntityManager } from "@gridlake/service-kit/db";
import type { FastifyRequest } from "fastify";
import { AuditEntry } from "../store/entities.ts";

/** From where something was asked for. */
export interface Origin {
  address: string;
  requestId: string;
}

/** The platform itself, at start. */
export const LOCAL_ORIGIN: Origin = { address: "local", requestId: "-" };

export function originOf(request: FastifyRequest): Origin {
  return { address: clientAddressOf(request).slice(0, 64), requestId: request.id };
}

export type AuditAction =
  | "login"
  | "login-locked"
  | "logout"
  | "password-change"
  | "account-create"
  | "account-change"
  | "account-delete"
  | "token-create"
  | "token-revoke";

export interface Deed {
  action: AuditAction;
  outcome: "done" | "refused";
  /** The username that acted, as given. */
  actor: string;
  target?: string;
  details?: Record<string, unknown>;
}

/** Who did what, and who was refused. Entries are never changed; the store itself refuses to. */
export class AuditLog {
  readonly #clock: Clock;
  readonly #db: Database;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Within the unit of work of the deed itself: both are kept, or neither. */
  record(em: EntityManager, deed: Deed, origin: Origin): void {
    em.persist(
      em.create(AuditEntry, {
        at: new Date(this.#clock.nowMs()),
        action: deed.action,
        outcome: deed.outcome,
        actor: deed.actor.slice(0, 64),
        target: (deed.target ?? "").slice(0, 200),
        address: origin.address,
        requestId: origin.requestId,
        details: deed.details ?? {},
      }),
    );
  }

  /** Newest first, with an id < `before`. */
  async list(query: {
    before?: number | undefined;
    limit: number;
    action?: string | undefined;
    actor?: string | undefined;
  }): Promise<AuditEntry[]> {
    return this.#db.fork().find(
      AuditEntry,
      {
        ...(query.before === undefined ? {} : { id: { $lt: query.before } }),
        ...(query.action === undefined ? {} : { action: query.action }),
        ...(query.actor === undefined ? {} : { actor: query.actor }),
      },
      { orderBy: { id: "desc" }, limit: query.limit },
    );
  }
}
