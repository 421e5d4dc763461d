import { onScopeDispose, readonly, ref, shallowRef, watch, type Ref } from "vue";
import { platformErrorOf, type PlatformError } from "../api/platform-error.ts";
import { fetchCurves, LIVE_LOAD_URL } from "./analytics.ts";
import { LiveStream, type StreamState } from "./live-stream.ts";
import { LoadFeed } from "./load-feed.ts";

export interface LiveLoad {
  feed: LoadFeed;
  /** Rises whenever the curves have changed. 0 until the first answer. */
  revision: Readonly<Ref<number>>;
  state: Readonly<Ref<StreamState>>;
  /** Why the newest load failed; null once one succeeds. */
  error: Readonly<Ref<PlatformError | null>>;
}

/** The load curves of the chosen feeders, kept true by the live stream for as long as the component stands. */
export function useLiveLoad(feeders: () => readonly string[]): LiveLoad {
  const revision = ref(0);
  const state = ref<StreamState>("connecting");
  const error = shallowRef<PlatformError | null>(null);

  const feed = new LoadFeed({
    fetch: fetchCurves,
    nextFrame: (callback) => requestAnimationFrame(callback),
    onChange: () => {
      error.value = null;
      revision.value += 1;
    },
    onError: (cause) => {
      error.value = platformErrorOf(cause);
    },
  });
  const stream = new LiveStream({
    url: LIVE_LOAD_URL,
    onDelta: (delta) => feed.take(delta),
    onReset: () => feed.reset(),
    onState: (now) => {
      state.value = now;
    },
  });

  watch(feeders, (chosen) => feed.choose(chosen), { immediate: true });
  onScopeDispose(() => {
    stream.close();
    feed.end();
  });

  return { feed, revision: readonly(revision), state: readonly(state), error };
}
