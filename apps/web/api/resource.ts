import { useDocumentVisibility } from "@vueuse/core";
import { onScopeDispose, readonly, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import { platformErrorOf, type PlatformError } from "./platform-error.ts";

/** One answer of the platform, loaded and kept fresh. */
export interface Resource<T> {
  /** The newest answer; stays when a later load fails, so that a page keeps what it has. */
  data: Readonly<ShallowRef<T | null>>;
  /** Why the newest load failed; null once one succeeds. */
  error: Readonly<ShallowRef<PlatformError | null>>;
  loading: Readonly<Ref<boolean>>;
  /** When `data` was loaded, in ms since the epoch; 0 before. */
  loadedAtMs: Readonly<Ref<number>>;
  /** Loads again; a load that is still under way is abandoned. */
  reload(): Promise<void>;
}

interface ResourceOptions<T> {
  load(signal: AbortSignal): Promise<T>;
  /** Pause between the end of a load and the next, while the page is visible; absent: loaded once. */
  everyMs?: number;
}

/** Loads at once, then every `everyMs` while the page is visible; ends with the component that uses it. */
export function useResource<T>(options: ResourceOptions<T>): Resource<T> {
  const data = shallowRef<T | null>(null);
  const error = shallowRef<PlatformError | null>(null);
  const loading = ref(false);
  const loadedAtMs = ref(0);
  const visibility = useDocumentVisibility();
  let current: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  async function reload(): Promise<void> {
    clearTimeout(timer);
    current?.abort();
    const mine = new AbortController();
    current = mine;
    loading.value = true;
    try {
      const answer = await options.load(mine.signal);
      if (mine.signal.aborted) return;
      data.value = answer;
      error.value = null;
      loadedAtMs.value = Date.now();
    } catch (cause) {
      if (mine.signal.aborted) return;
      error.value = platformErrorOf(cause);
    }
    loading.value = false;
    if (!ended && options.everyMs !== undefined && visibility.value === "visible") {
      timer = setTimeout(() => void reload(), options.everyMs);
    }
  }

  if (options.everyMs !== undefined) {
    watch(visibility, (now) => {
      if (now === "visible") void reload();
      else clearTimeout(timer);
    });
  }
  onScopeDispose(() => {
    ended = true;
    clearTimeout(timer);
    current?.abort();
  });
  void reload();

  return { data, error, loading: readonly(loading), loadedAtMs: readonly(loadedAtMs), reload };
}
