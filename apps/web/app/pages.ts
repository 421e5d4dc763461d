import { ROLES, type Role } from "@gridlake/contracts/roles.ts";
import type { RouteRecordRaw } from "vue-router";
import type { IconName } from "../design/icon/icons.ts";
import type { Messages } from "../locale/locales.ts";

declare module "vue-router" {
  interface RouteMeta {
    /** Message key of the page's name: its heading, its title, its entry in the navigation. */
    page: keyof Messages["shell"]["page"];
    /** Who may open it; absent: everybody who is signed in. */
    roles?: readonly Role[];
    /** Open to people who are not signed in, and drawn without the shell. */
    open?: boolean;
    /** Its place in the navigation; absent: it has none. */
    navigation?: { group: keyof Messages["shell"]["group"]; icon: IconName };
  }
}

/** Every page: its address, its name, who may open it, where it stands in the navigation. */
export const PAGES: readonly RouteRecordRaw[] = [
  { path: "/", redirect: { name: "realtime" } },
  {
    path: "/realtime",
    name: "realtime",
    component: () => import("../realtime/RealtimePage.vue"),
    meta: { page: "realtime", roles: ROLES, navigation: { group: "operation", icon: "curve" } },
  },
  {
    path: "/devices",
    name: "devices",
    component: () => import("../devices/DevicesPage.vue"),
    meta: { page: "devices", roles: ROLES, navigation: { group: "grid", icon: "meter" } },
  },
  {
    path: "/login",
    name: "login",
    component: () => import("../login/LoginPage.vue"),
    meta: { page: "login", open: true },
  },
  // These three keep the address as it was typed. `missing` stands first: it is what an unknown address matches.
  {
    path: "/:path(.*)*",
    name: "missing",
    component: () => import("./MissingPage.vue"),
    meta: { page: "missing" },
  },
  {
    path: "/:path(.*)*",
    name: "forbidden",
    component: () => import("./ForbiddenPage.vue"),
    meta: { page: "forbidden" },
  },
  {
    path: "/:path(.*)*",
    name: "unreachable",
    component: () => import("./UnreachablePage.vue"),
    meta: { page: "unreachable", open: true },
  },
];
