import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveStream, type EventStream } from "./live-stream.ts";

class FakeSource implements EventStream {
  readyState = 0;
  closed = false;
  readonly #listeners = new Map<string, (event: { data?: unknown }) => void>();
  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void {
    this.#listeners.set(type, listener);
  }
  close(): void {
    this.closed = true;
  }
  say(type: string, data?: unknown): void {
    this.#listeners.get(type)?.({ data: JSON.stringify(data) });
  }
}

describe("LiveStream", () => {
  let sources: FakeSource[];
  let said: string[];
  let stream: LiveStream;
  beforeEach(() => {
    vi.useFakeTimers();
    sources = [];
    said = [];
    stream = new LiveStream({
      url: "/live",
      open: () => {
        const source = new FakeSource();
        sources.push(source);
        return source;
      },
      onDelta: ({ sequence }) => said.push(`delta ${sequence}`),
      onReset: () => said.push("reset"),
      onState: (state) => said.push(state),
    });
  });
  afterEach(() => {
    stream.close();
    vi.useRealTimers();
  });

  it("begins with a reset, then passes deltas on", () => {
    sources[0]?.say("open");
    sources[0]?.say("delta", { sequence: 4, upserts: [], deletes: [] });
    expect(said).toEqual(["connecting", "live", "reset", "delta 4"]);
  });

  it("resumes without a reset when the browser reconnects by itself", () => {
    sources[0]?.say("open");
    sources[0]?.say("error");
    sources[0]?.say("open");
    expect(said).toEqual(["connecting", "live", "reset", "waiting", "live"]);
    expect(sources).toHaveLength(1);
  });

  it("passes on the server's own reset", () => {
    sources[0]?.say("open");
    sources[0]?.say("reset", { sequence: 9 });
    expect(said.filter((word) => word === "reset")).toHaveLength(2);
  });

  it("opens anew after a growing pause once the browser has given up", () => {
    const giveUp = (): void => {
      const source = sources.at(-1);
      if (source === undefined) throw new Error("no source");
      source.readyState = 2;
      source.say("error");
    };
    for (const pauseMs of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      const before = sources.length;
      giveUp();
      vi.advanceTimersByTime(pauseMs - 1);
      expect(sources).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(sources).toHaveLength(before + 1);
    }
    sources.at(-1)?.say("open");
    expect(said.at(-1)).toBe("reset");
  });

  it("ends for good when it is closed", () => {
    const [source] = sources;
    if (source === undefined) throw new Error("no source");
    source.readyState = 2;
    source.say("error");
    stream.close();
    vi.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(1);
    expect(source.closed).toBe(true);
    expect(said.at(-1)).toBe("closed");
  });
});
