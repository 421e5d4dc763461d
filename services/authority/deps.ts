import type { Clock } from "@gridlake/kernel";
import type { Database } from "@gridlake/service-kit/db";
import type { Accounts } from "./account/accounts.ts";
import type { AuditLog } from "./audit/audit-log.ts";
import type { Logins } from "./login/logins.ts";
import type { Sessions } from "./session/sessions.ts";
import type { Tokens } from "./token/tokens.ts";

/** What authority's handlers work with. */
export interface AuthorityDeps {
  db: Database;
  clock: Clock;
  accounts: Accounts;
  logins: Logins;
  sessions: Sessions;
  tokens: Tokens;
  audit: AuditLog;
}
