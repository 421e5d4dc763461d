import type { Role } from "@gridlake/contracts";
import { defineStore } from "pinia";
import { computed, ref } from "vue";
import { platformErrorOf } from "../api/platform-error.ts";
import { fetchMe, postLogin, postLogout, type Account, type Credentials } from "./authority.ts";

/** Who is signed in. `unknown` until the platform was asked. */
export const useSession = defineStore("session", () => {
  const state = ref<"unknown" | "anonymous" | "known">("unknown");
  const account = ref<Account | null>(null);
  const roles = computed<readonly Role[]>(() => account.value?.roles ?? []);
  let asking: Promise<void> | undefined;

  function adopt(found: Account | null): void {
    account.value = found;
    state.value = found === null ? "anonymous" : "known";
  }

  async function ask(): Promise<void> {
    try {
      adopt(await fetchMe());
    } catch (error) {
      if (platformErrorOf(error).status !== 401) throw error;
      adopt(null);
    } finally {
      asking = undefined;
    }
  }

  /** Asks the platform once; calls made meanwhile share the answer. @throws when the platform can't tell. */
  function settle(): Promise<void> {
    if (state.value !== "unknown") return Promise.resolve();
    asking ??= ask();
    return asking;
  }

  /** @throws what the platform refuses with: wrong name or password, locked account, too many attempts */
  async function login(credentials: Credentials): Promise<void> {
    adopt(await postLogin(credentials));
  }

  /** Forgets the session here even if the platform can't be told. */
  async function logout(): Promise<void> {
    try {
      await postLogout();
    } finally {
      adopt(null);
    }
  }

  /** The platform no longer knows the session. */
  function expired(): void {
    adopt(null);
  }

  /** Whether one of `allowed` is held; no list means every signed-in person. */
  function mayOpen(allowed: readonly Role[] | undefined): boolean {
    return allowed === undefined || roles.value.some((role) => allowed.includes(role));
  }

  return { state, account, roles, settle, login, logout, expired, mayOpen };
});
