import { createRouter, createWebHistory, type Router } from "vue-router";
import { useSession } from "../session/session.ts";
import { admit } from "./guard.ts";
import { PAGES } from "./pages.ts";

/** The router; Pinia must stand before the first navigation. */
export function createPageRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [...PAGES],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  });
  router.beforeEach((to) => admit(to, useSession()));
  return router;
}
