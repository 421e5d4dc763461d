import { type Clock, HOUR_MS } from "@gridlake/kernel";
import { buildService, type Service, type ServiceRuntime } from "@gridlake/service-kit";
import { openDatabase } from "@gridlake/service-kit/db";
import { Accounts } from "./account/accounts.ts";
import { bootstrapAdmin, type BootstrapOutcome } from "./account/bootstrap.ts";
import { AuditLog } from "./audit/audit-log.ts";
import { authority } from "./definition.ts";
import type { AuthorityDeps } from "./deps.ts";
import { LOCK_OUT_RULES, LockOut, type LockOutRules } from "./login/lock-out.ts";
import { Logins } from "./login/logins.ts";
import { PasswordHasher } from "./password/hash.ts";
import { SESSION_RULES, type SessionRules, Sessions } from "./session/sessions.ts";
import { ENTITIES } from "./store/entities.ts";
import { MIGRATIONS } from "./store/migrations.ts";
import { Tokens } from "./token/tokens.ts";

export { authority } from "./definition.ts";
export type { AuthorityDeps } from "./deps.ts";
export type { BootstrapOutcome } from "./account/bootstrap.ts";

export interface AuthorityOptions {
  /** The SQLite file that authority owns, or `:memory:`. */
  databasePath: string;
  clock: Clock;
  sessionRules?: SessionRules;
  lockOutRules?: LockOutRules;
}

export interface AuthorityService extends Service {
  /** To be called at each start; see account/bootstrap.ts. */
  bootstrapAdmin(options: { password?: string | undefined }): Promise<BootstrapOutcome>;
}

/** How often ended sessions are forgotten. */
const SWEEP_INTERVAL_MS = HOUR_MS;

/** Opens authority's store and makes the service. @throws DB_MIGRATION_FAILED */
export async function createAuthorityService(
  runtime: ServiceRuntime,
  options: AuthorityOptions,
): Promise<AuthorityService> {
  const { clock } = options;
  const logger = runtime.logger.child({ service: authority.name });
  const db = await openDatabase({
    path: options.databasePath,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    logger,
  });
  const audit = new AuditLog(db, clock);
  const sessions = new Sessions(db, clock, options.sessionRules ?? SESSION_RULES);
  const lockOut = new LockOut(db, clock, options.lockOutRules ?? LOCK_OUT_RULES);
  const hasher = new PasswordHasher();
  const parts = { db, clock, hasher, lockOut, sessions, audit };
  const accounts = new Accounts(parts);
  const deps: AuthorityDeps = {
    db,
    clock,
    accounts,
    audit,
    sessions,
    logins: new Logins(parts),
    tokens: new Tokens(parts),
  };
  const sweep = () => {
    sessions.sweep().catch((error: unknown) => logger.error({ err: error }, "could not sweep sessions"));
  };
  let timer: NodeJS.Timeout | undefined;
  const service = await buildService(authority, runtime, deps, {
    checks: new Map([["database", async () => void (await db.orm.em.getConnection().execute("select 1"))]]),
    start: async () => {
      timer = setInterval(sweep, SWEEP_INTERVAL_MS).unref();
      sweep();
    },
    stop: async () => {
      clearInterval(timer);
      await db.close();
    },
  });
  return { ...service, bootstrapAdmin: (given) => bootstrapAdmin(db, accounts, given) };
}
