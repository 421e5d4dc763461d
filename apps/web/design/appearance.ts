import { defineStore } from "pinia";
import { computed, ref, watch } from "vue";
import { usePreferredDark, useStorage } from "@vueuse/core";

export const APPEARANCES = ["system", "light", "dark"] as const;
export type Appearance = (typeof APPEARANCES)[number];

/** Also read by public/appearance.js, before the first paint. */
export const APPEARANCE_KEY = "gridlake.appearance";

/** What is drawn for a choice; anything unknown follows the system. */
export function isDark(choice: string, systemPrefersDark: boolean): boolean {
  return choice === "dark" || (choice !== "light" && systemPrefersDark);
}

/** Light or dark: the viewer's choice, remembered; by default what the system asks for. */
export const useAppearance = defineStore("appearance", () => {
  const choice = useStorage<Appearance>(APPEARANCE_KEY, "system");
  const systemPrefersDark = usePreferredDark();
  const dark = computed(() => isDark(choice.value, systemPrefersDark.value));
  /** Rises after the page's variables have changed, so that what read them reads them again. */
  const revision = ref(0);

  watch(
    dark,
    (isNowDark) => {
      if (isNowDark) document.body.setAttribute("arco-theme", "dark");
      else document.body.removeAttribute("arco-theme");
      revision.value += 1;
    },
    { immediate: true },
  );

  return { choice, dark, revision };
});
