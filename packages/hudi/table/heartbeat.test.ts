import { readdir, utimes, writeFile } from "node:fs/promises";
import { ManualClock, MINUTE_MS } from "@gridlake/kernel";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { useFixture } from "../testing/fixture.ts";
import { forget, giveUp, Heartbeat, type Place, sweepHeartbeats, writerOf } from "./heartbeat.ts";

const fixture = useFixture();
const INSTANT = "20260101000000000";
let clock: ManualClock;
let place: Place;

beforeEach(() => {
  clock = new ManualClock(Date.UTC(2026, 0, 1));
  const basePath = fixture.path();
  place = { storage: new LocalStorage(), basePath, clock, timelineDirectory: `${basePath}/.hoodie` };
});
afterEach(() => {
  vi.useRealTimers();
});

const beats = () => readdir(`${place.basePath}/.hoodie/.heartbeat`);

it("an optimistic writer is alive as long as it gives a sign", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const heartbeat = await Heartbeat.start(place, { timestamp: INSTANT, mode: "optimistic" });
  for (let signs = 0; signs < 5; signs += 1) {
    clock.advance(MINUTE_MS / 3);
    vi.advanceTimersByTime(MINUTE_MS / 3);
    await vi.waitFor(async () => {
      const status = await place.storage.status(`${place.basePath}/.hoodie/.heartbeat/${INSTANT}`);
      expect(status?.modifiedMs).toBe(clock.nowMs());
    });
  }
  expect(await writerOf(place, INSTANT)).toBe("alive");
  heartbeat.halt();
  clock.advance(MINUTE_MS);
  expect(await writerOf(place, INSTANT)).toBe("dead");
  await heartbeat.stop();
  expect(await writerOf(place, INSTANT)).toBe("unknown");
});

it("an exclusive writer is dead for whoever holds the lock", async () => {
  const heartbeat = await Heartbeat.start(place, { timestamp: INSTANT, mode: "exclusive" });
  expect(await writerOf(place, INSTANT)).toBe("dead");
  expect(await heartbeat.isOurs()).toBe(true);
  await heartbeat.stop();
});

it("so is an optimistic one that was about to complete", async () => {
  const heartbeat = await Heartbeat.start(place, { timestamp: INSTANT, mode: "optimistic" });
  await place.storage.createIfAbsent(heartbeat.completingPath, Buffer.from("{}"));
  expect(await writerOf(place, INSTANT)).toBe("dead");
  await heartbeat.stop();
});

it("what was given up is no longer its writer's, and nothing is left to be completed", async () => {
  const heartbeat = await Heartbeat.start(place, { timestamp: INSTANT, mode: "optimistic" });
  await place.storage.createIfAbsent(heartbeat.completingPath, Buffer.from("{}"));
  await giveUp(place, INSTANT);
  expect(await heartbeat.isOurs()).toBe(false);
  expect(await place.storage.rename(heartbeat.completingPath, `${place.basePath}/.hoodie/x`)).toBe(false);
  // an attempt to give it up that died is done again
  await place.storage.createIfAbsent(heartbeat.completingPath, Buffer.from("{}"));
  await giveUp(place, INSTANT);
  expect(await place.storage.read(heartbeat.completingPath)).toBeNull();
  heartbeat.halt();
  await forget(place, INSTANT);
  expect(await beats()).toEqual([]);
});

it("another engine's is young for two minutes", async () => {
  await place.storage.createIfAbsent(`${place.basePath}/.hoodie/.heartbeat/${INSTANT}`, Buffer.alloc(0));
  const at = new Date(clock.nowMs());
  await utimes(`${place.basePath}/.hoodie/.heartbeat/${INSTANT}`, at, at);
  clock.advance(2 * MINUTE_MS - 1);
  expect(await writerOf(place, INSTANT)).toBe("alive");
  clock.advance(1);
  expect(await writerOf(place, INSTANT)).toBe("dead");
});

it("sweeps what our dead left before they were on the timeline, and nobody else's", async () => {
  const heartbeat = await Heartbeat.start(place, { timestamp: INSTANT, mode: "exclusive" });
  heartbeat.halt();
  const pending = await Heartbeat.start(place, { timestamp: "20260101000000001", mode: "exclusive" });
  await writeFile(`${place.basePath}/.hoodie/.heartbeat/20260101000000002`, "");
  await sweepHeartbeats(place, (timestamp) => timestamp === "20260101000000001");
  expect((await beats()).sort()).toEqual(["20260101000000001", "20260101000000002"]);
  await pending.stop();
});
