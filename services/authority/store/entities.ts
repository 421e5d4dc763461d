import type { Role } from "@gridlake/contracts";
import { defineEntity, p } from "@mikro-orm/core";

const AccountSchema = defineEntity({
  name: "Account",
  tableName: "account",
  properties: {
    id: p.uuid().primary(),
    /** Lower case; unique. */
    username: p.string().length(64).unique(),
    displayName: p.string().length(200),
    passwordHash: p.string().length(255),
    roles: p.json<Role[]>(),
    enabled: p.boolean(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    /** Rises with every change: who edits an old state is told. */
    version: p.integer().version(),
  },
});
export class Account extends AccountSchema.class {}
AccountSchema.setClass(Account);

const SessionSchema = defineEntity({
  name: "Session",
  tableName: "session",
  properties: {
    id: p.uuid().primary(),
    /** SHA-256 of the cookie's value, base64url; the value itself is kept nowhere. */
    hash: p.string().length(43).unique(),
    account: () => p.manyToOne(Account).deleteRule("cascade").index(),
    address: p.string().length(64),
    createdAt: p.datetime(),
    lastSeenAt: p.datetime(),
    expiresAt: p.datetime(),
  },
});
export class Session extends SessionSchema.class {}
SessionSchema.setClass(Session);

const TokenSchema = defineEntity({
  name: "Token",
  tableName: "token",
  properties: {
    id: p.uuid().primary(),
    kind: p.string().length(16).$type<"device" | "api">(),
    name: p.string().length(200),
    /** SHA-256 of the token, base64url. */
    hash: p.string().length(43).unique(),
    /** Devices that a device token may speak for: a list, or "*". */
    devices: p.json<string[] | "*">().nullable(),
    /** Of an API token; it can do no more than its account can at that moment. */
    roles: p.json<Role[]>().nullable(),
    /** Whom an API token acts as, and goes with. A device token outlives whoever made it. */
    account: () => p.manyToOne(Account).deleteRule("cascade").nullable().index(),
    createdBy: p.string().length(64).index(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    lastUsedAt: p.datetime().nullable(),
    revokedAt: p.datetime().nullable(),
  },
});
export class Token extends TokenSchema.class {}
TokenSchema.setClass(Token);

const AttemptsSchema = defineEntity({
  name: "Attempts",
  tableName: "login_attempts",
  properties: {
    /** `account:NAME` or `address:ADDRESS`. */
    subject: p.string().length(160).primary(),
    failures: p.integer(),
    lastAt: p.datetime().index(),
    lockedUntil: p.datetime(),
  },
});
export class Attempts extends AttemptsSchema.class {}
AttemptsSchema.setClass(Attempts);

const AuditEntrySchema = defineEntity({
  name: "AuditEntry",
  tableName: "audit_entry",
  properties: {
    id: p.integer().primary().autoincrement(),
    at: p.datetime(),
    action: p.string().length(64),
    outcome: p.string().length(16).$type<"done" | "refused">(),
    /** The username that acted, as given when it is not known. */
    actor: p.string().length(64),
    /** What it was done to. */
    target: p.string().length(200),
    address: p.string().length(64),
    requestId: p.string().length(64),
    details: p.json<Record<string, unknown>>(),
  },
});
export class AuditEntry extends AuditEntrySchema.class {}
AuditEntrySchema.setClass(AuditEntry);

export const ENTITIES = [Account, Session, Token, Attempts, AuditEntry];
