import { useStorage } from "@vueuse/core";
import { defineStore } from "pinia";
import { computed, ref } from "vue";
import { HOUR_MS } from "@gridlake/kernel/units.ts";
import { MAX_SERIES } from "../design/chart/chart-theme.ts";

export const SPANS_H = [1, 6, 24] as const;
export type Arrangement = "lines" | "stacked";

/** Most feeders drawn at once: one for each series colour. */
export const MAX_FEEDERS = MAX_SERIES;

/** What a person has set the load curve to; span and arrangement are remembered on this machine. */
export const useLoadView = defineStore("load-view", () => {
  const feeders = ref<string[]>([]);
  const spanH = useStorage<number>("gridlake.load.span", 24);
  const arrangement = useStorage<Arrangement>("gridlake.load.arrangement", "lines");
  const spanMs = computed(() => (SPANS_H.find((span) => span === spanH.value) ?? 24) * HOUR_MS);

  /** Draws these feeders, the first {@link MAX_FEEDERS} of them; none means the sum of all. */
  function choose(chosen: readonly string[]): void {
    feeders.value = chosen.slice(0, MAX_FEEDERS);
  }

  return { feeders, spanH, spanMs, arrangement, choose };
});
