import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openEmbeddedLog } from "../log.ts";
import { openReadOnlyLog } from "../read-only-log.ts";

const READINGS = { topic: "readings" };
const ALL = { after: -1, maxRecords: 10_000, maxBytes: 1e9 };

let dir: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gridlake-processes-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "close");
  }
  await rm(dir, { recursive: true });
});

function start(script: string, ...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), dir, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(child);
  return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
  const [bytes] = await once(child.stdout!, "data");
  return String(bytes).trim();
}

describe("a second writer", () => {
  test("is refused with the pid of the first, and let in once that has closed", async () => {
    const holder = start("holder.ts");
    expect(await firstLine(holder)).toBe("held");
    await expect(openEmbeddedLog({ dir })).rejects.toMatchObject({
      code: "LOG_LOCKED",
      retry: "later",
      details: { pid: holder.pid },
    });
    holder.stdin!.end();
    await once(holder, "close");
    const log = await openEmbeddedLog({ dir });
    expect(await log.bounds(READINGS)).toEqual({ first: 0, next: 1 });
    await log.close();
  });

  test("is let in at once when the first was killed", async () => {
    const holder = start("holder.ts");
    expect(await firstLine(holder)).toBe("held");
    holder.kill("SIGKILL");
    await once(holder, "close");
    const log = await openEmbeddedLog({ dir });
    expect(await log.append(READINGS, [{ value: Buffer.from("b"), timestampMs: 0 }])).toEqual({
      first: 1,
      last: 1,
    });
    await log.close();
  });

  test("is refused in the same process too", async () => {
    const log = await openEmbeddedLog({ dir });
    await expect(openEmbeddedLog({ dir })).rejects.toMatchObject({
      code: "LOG_LOCKED",
      details: { pid: process.pid },
    });
    await log.append(READINGS, [{ value: Buffer.from("a"), timestampMs: 0 }]);
    await log.close();
  });

  test("after a failed open, the lock is free again", async () => {
    await expect(openEmbeddedLog({ dir, maxBytes: 0 })).rejects.toMatchObject({ code: "LOG_CONFIG_INVALID" });
    await (await openEmbeddedLog({ dir })).close();
  });
});

describe("a reader beside the writer", () => {
  test("in another process sees all that is synced, in order, while the file grows and heads are trimmed", async () => {
    const log = await openEmbeddedLog({ dir });
    await log.append(READINGS, [{ value: Buffer.alloc(10), timestampMs: 0 }]);
    const last = 600;
    const reader = start("reader.ts", `${last}`);
    const heard = firstLine(reader);
    for (let offset = 1; offset <= last; offset += 1) {
      // another topic's pages come and go, so that the file's pages are used again beneath the reader
      await Promise.all([
        log.append(READINGS, [{ value: Buffer.alloc(50_000, offset), timestampMs: 0 }]),
        log.append({ topic: "other" }, [{ value: Buffer.alloc(30_000, offset), timestampMs: 0 }]),
      ]);
      if (offset % 20 === 0) await log.trim({ topic: "other" }, { upTo: offset });
    }
    expect(await heard).toBe(`${last} ${10 + last * 50_000}`);
    await log.close();
  });

  test("in the same process sees each commit, and ends with the writer", async () => {
    const log = await openEmbeddedLog({ dir });
    const reader = await openReadOnlyLog(dir);
    expect(await reader.read(READINGS, ALL)).toEqual([]);
    const announced = reader.waitFor(READINGS, { after: -1, timeoutMs: 10_000 });
    await log.append(READINGS, [{ value: Buffer.from("a"), timestampMs: 7 }]);
    expect(await announced).toBe(true);
    expect(await reader.read(READINGS, ALL)).toMatchObject([{ offset: 0, timestampMs: 7 }]);
    expect(await reader.bounds(READINGS)).toEqual({ first: 0, next: 1 });
    expect(await reader.partitions("readings")).toBe(1);
    const refused = reader.append(READINGS, [{ value: Buffer.from("a"), timestampMs: 0 }]);
    await expect(refused).rejects.toMatchObject({ code: "LOG_READ_ONLY" });
    await expect(reader.trim(READINGS, { upTo: 0 })).rejects.toMatchObject({ code: "LOG_READ_ONLY" });
    await reader.close();
    await log.close();
    await expect(reader.bounds(READINGS)).rejects.toMatchObject({ code: "LOG_CLOSED" });
  });

  test("in the same process keeps a writer out until it is closed", async () => {
    await (await openEmbeddedLog({ dir })).close();
    const readers = [await openReadOnlyLog(dir), await openReadOnlyLog(dir)];
    await readers[0]!.close();
    await expect(openEmbeddedLog({ dir })).rejects.toMatchObject({ code: "LOG_LOCKED" });
    expect(await readers[1]!.bounds(READINGS)).toEqual({ first: 0, next: 0 });
    await readers[1]!.close();
    const opening = openEmbeddedLog({ dir });
    await expect(openReadOnlyLog(dir)).rejects.toMatchObject({ code: "LOG_LOCKED", retry: "later" });
    await (await opening).close();
  });

  test("writes nothing, and refuses to", async () => {
    await (await openEmbeddedLog({ dir })).close();
    const reader = await openReadOnlyLog(dir);
    const refused = reader.append(READINGS, [{ value: Buffer.from("a"), timestampMs: 0 }]);
    await expect(refused).rejects.toMatchObject({ code: "LOG_READ_ONLY" });
    await expect(reader.trim(READINGS, { upTo: 0 })).rejects.toMatchObject({ code: "LOG_READ_ONLY" });
    expect(await reader.waitFor(READINGS, { after: -1, timeoutMs: 60 })).toBe(false);
    const waiting = reader.waitFor(READINGS, { after: -1, timeoutMs: 10_000 });
    await reader.close();
    expect(await waiting).toBe(false);
    await expect(reader.read(READINGS, ALL)).rejects.toMatchObject({ code: "LOG_CLOSED" });
  });

  test("of a folder without a log is refused", async () => {
    await expect(openReadOnlyLog(dir)).rejects.toMatchObject({ code: "LOG_NOT_FOUND" });
    await expect(openReadOnlyLog(join(dir, "none"))).rejects.toMatchObject({ code: "LOG_NOT_FOUND" });
  });
});
