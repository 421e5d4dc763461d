import { createSharedComposable, useIntervalFn } from "@vueuse/core";
import { readonly, ref } from "vue";
import { SECOND_MS } from "@gridlake/kernel/units.ts";

/** The viewer's clock in ms since the epoch, moving once a second; one timer for all who read it. */
export const useNowMs = createSharedComposable(() => {
  const nowMs = ref(Date.now());
  useIntervalFn(() => {
    nowMs.value = Date.now();
  }, SECOND_MS);
  return readonly(nowMs);
});
