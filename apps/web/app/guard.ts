import type { Role } from "@gridlake/contracts";
import type { RouteLocationNormalized, RouteLocationRaw } from "vue-router";

/** What the guard needs of the session store. */
export interface GuardedSession {
  state: "unknown" | "anonymous" | "known";
  settle(): Promise<void>;
  mayOpen(roles: readonly Role[] | undefined): boolean;
}

type Target = Pick<RouteLocationNormalized, "name" | "meta" | "path" | "fullPath" | "query">;

/** The same address under another page: what a refused page shows instead. */
function inPlaceOf(to: Target, name: "forbidden" | "unreachable"): RouteLocationRaw {
  return { name, params: { path: to.path.slice(1).split("/") }, query: to.query, replace: true };
}

/**
 * Whether a page opens: `true`, or where the viewer is led instead. Open pages always do; the others take a session
 * (else the login page, with the way back) and one of the page's roles (else the 403 page). It guards the
 * convenience of the viewer; the data is guarded by the services.
 */
export async function admit(to: Target, session: GuardedSession): Promise<true | RouteLocationRaw> {
  if (to.name === "unreachable") return true;
  try {
    await session.settle();
  } catch {
    // an open page stands without a session; the others can't be decided on
    return to.meta.open === true ? true : inPlaceOf(to, "unreachable");
  }
  if (to.name === "login") return session.state === "known" ? { path: "/", replace: true } : true;
  if (to.meta.open === true) return true;
  if (session.state !== "known") return { name: "login", query: { return: to.fullPath }, replace: true };
  return session.mayOpen(to.meta.roles) ? true : inPlaceOf(to, "forbidden");
}
