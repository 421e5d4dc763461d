import { randomBytes } from "node:crypto";
import type { Database } from "@gridlake/service-kit/db";
import { LOCAL_ORIGIN } from "../audit/audit-log.ts";
import { Account } from "../store/entities.ts";
import type { Accounts } from "./accounts.ts";

export const ADMIN_USERNAME = "admin";

export interface BootstrapOutcome {
  /** Whether the account was made now. */
  created: boolean;
  /** The password that was made up for it, told this once and kept nowhere in clear; null when it was given. */
  password: string | null;
}

/**
 * Sees to it that somebody can log in. The first start makes `admin`; a password given later is set, and makes sure
 * that `admin` is enabled and an administrator: it is the way back in.
 * @throws AUTHORITY_PASSWORD_REFUSED
 */
export async function bootstrapAdmin(
  db: Database,
  accounts: Accounts,
  options: { password?: string | undefined },
): Promise<BootstrapOutcome> {
  const actor = { username: "platform", origin: LOCAL_ORIGIN };
  const admin = await db.fork().findOne(Account, { username: ADMIN_USERNAME });
  if (admin === null) {
    const others = await db.fork().count(Account);
    // somebody deleted `admin` on purpose; a start does not bring it back unasked
    if (others > 0 && options.password === undefined) return { created: false, password: null };
    const password = options.password ?? inventPassword();
    await accounts.create({ username: ADMIN_USERNAME, password, roles: ["admin"] }, actor);
    return { created: true, password: options.password === undefined ? password : null };
  }
  if (options.password === undefined) return { created: false, password: null };
  const usable = admin.enabled && admin.roles.includes("admin");
  if (!usable || !(await accounts.isPassword(admin, options.password))) {
    const roles = [...new Set([...admin.roles, "admin" as const])];
    await accounts.change(
      admin.id,
      admin.version,
      { password: options.password, roles, enabled: true },
      actor,
    );
  }
  return { created: false, password: null };
}

/** 120 random bits, in groups that can be read out. */
export function inventPassword(): string {
  const text = randomBytes(15).toString("base64url").replaceAll(/[-_]/g, "x");
  return text.match(/.{5}/g)?.join("-") ?? text;
}
