/** Where a sign-in without a return path leads. */
export const START_PATH = "/";

/**
 * The path to go back to after a sign-in, taken from the address bar: only a path of this application, so that a
 * crafted link can't send a person who has just signed in to another site.
 */
export function safeReturnPath(candidate: unknown): string {
  if (typeof candidate !== "string" || !candidate.startsWith("/")) return START_PATH;
  // "//host" and "/\host" are other hosts to a browser
  if (/^\/[/\\]/.test(candidate)) return START_PATH;
  if (candidate === "/login" || candidate.startsWith("/login?")) return START_PATH;
  return candidate;
}
