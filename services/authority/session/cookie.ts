import { SESSION_COOKIE } from "@gridlake/contracts";

/** Not readable by scripts, not sent by other sites; only over HTTPS where there is HTTPS. */
export function sessionCookie(secret: string, options: { secure: boolean; maxAgeS: number }): string {
  const parts = [
    `${SESSION_COOKIE}=${secret}`,
    "Path=/",
    "HttpOnly",
    "SameSite=Strict",
    `Max-Age=${options.maxAgeS}`,
  ];
  if (options.secure) parts.push("Secure");
  return parts.join("; ");
}

export function clearedSessionCookie(options: { secure: boolean }): string {
  return sessionCookie("", { ...options, maxAgeS: 0 });
}
