import { spawn } from "node:child_process";
import { once } from "node:events";
import { utimes, writeFile } from "node:fs/promises";
import { ManualClock, MINUTE_MS } from "@gridlake/kernel";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LocalStorage } from "../storage/local/storage.ts";
import { useFixture } from "../testing/fixture.ts";
import { WriteLock } from "./write-lock.ts";

const fixture = useFixture();
const storage = new LocalStorage();
let basePath = "";
let clock: ManualClock;
const acquire = (waitMs = 0) => WriteLock.acquire({ storage, basePath, clock }, { waitMs });
const CONFLICT = { code: "HUDI_WRITE_CONFLICT", retry: "after-refresh" };

beforeEach(() => {
  basePath = fixture.path();
  clock = new ManualClock(Date.now());
});

afterEach(() => {
  vi.useRealTimers();
});

it("one writer wins: of many, one holds it, and the next gets it after the release", async () => {
  const tries = await Promise.allSettled(Array.from({ length: 10 }, () => acquire()));
  const held = tries.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  expect(held).toHaveLength(1);
  for (const one of tries) if (one.status === "rejected") expect(one.reason).toMatchObject(CONFLICT);
  const waiting = acquire(5_000);
  await held[0]?.release();
  await (await waiting).release();
  expect(await storage.list(`${basePath}/.hoodie`)).toEqual([]);
});

it("a lock that was not renewed goes to one other, and its old holder learns it before it can commit", async () => {
  const slow = await acquire();
  clock.advance(2 * MINUTE_MS);
  const tries = await Promise.allSettled(Array.from({ length: 10 }, () => acquire()));
  const taken = tries.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  expect(taken).toHaveLength(1);
  await expect(slow.assertHeld()).rejects.toMatchObject(CONFLICT);
  await slow.release();
  await taken[0]?.assertHeld();
  await taken[0]?.release();
});

it("a holder that renews it keeps it, and leaves nothing behind", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const held = await acquire();
  for (let renewals = 0; renewals < 5; renewals += 1) {
    clock.advance(MINUTE_MS / 3);
    vi.advanceTimersByTime(MINUTE_MS / 3);
    await vi.waitFor(async () => {
      const [name] = (await storage.list(`${basePath}/.hoodie`)).flatMap((one) =>
        one.name.startsWith("lock.") ? [one.name] : [],
      );
      const renewed = await storage.read(`${basePath}/.hoodie/${name}`);
      expect(JSON.parse(String(renewed))).toMatchObject({ expiresAtMs: clock.nowMs() + MINUTE_MS });
    });
  }
  await expect(acquire()).rejects.toMatchObject(CONFLICT);
  await held.assertHeld();
  await held.release();
  expect(await storage.list(`${basePath}/.hoodie`)).toEqual([]);
});

it("the lock of a process that is gone is free at once", async () => {
  const script = `
    import { LocalStorage } from ${JSON.stringify(new URL("../storage/local/storage.ts", import.meta.url).href)};
    import { WriteLock } from ${JSON.stringify(new URL("write-lock.ts", import.meta.url).href)};
    const clock = { nowMs: () => Date.now() };
    await WriteLock.acquire({ storage: new LocalStorage(), basePath: ${JSON.stringify(basePath)}, clock });
    console.log("held");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  await expect(acquire()).rejects.toMatchObject(CONFLICT);
  child.kill("SIGKILL");
  await once(child, "exit");
  await (await acquire()).release();
});

it("waits for another engine's lock, unless that is old", async () => {
  await storage.createIfAbsent(`${basePath}/.hoodie/x`, Buffer.alloc(0));
  await writeFile(`${basePath}/.hoodie/lock`, '{"lockCreateTime":"2026-01-01"}');
  await expect(acquire()).rejects.toMatchObject(CONFLICT);
  const old = (Date.now() - 11 * MINUTE_MS) / 1000;
  await utimes(`${basePath}/.hoodie/lock`, old, old);
  await (await acquire()).release();
});
