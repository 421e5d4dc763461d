import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MIB } from "@gridlake/kernel";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openEmbeddedLog } from "./log.ts";
import { checkFile } from "./page-file/check.ts";
import { randomFrom } from "./crash/random.ts";

const READINGS = { topic: "readings" };

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gridlake-room-"));
});
afterEach(() => rm(dir, { recursive: true }));

async function fileBytes(): Promise<number> {
  return (await stat(join(dir, "data.mdb"))).size;
}

describe("maxBytes", () => {
  test("refuses as LOG_FULL what would go beyond, also while others wait, and takes on after a trim", async () => {
    const log = await openEmbeddedLog({ dir, maxBytes: MIB });
    const value = Buffer.alloc(100_000, 1);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 15 }, () => log.append(READINGS, [{ value, timestampMs: 0 }])),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 10 }, () => "fulfilled"),
      ...Array.from({ length: 5 }, () => "rejected"),
    ]);
    const refused = log.append(READINGS, [{ value, timestampMs: 0 }]);
    await expect(refused).rejects.toMatchObject({ code: "LOG_FULL", retry: "later", status: 503 });
    expect(log.bytes).toBeLessThanOrEqual(MIB);
    await log.trim(READINGS, { upTo: 1 });
    expect(await log.append(READINGS, [{ value, timestampMs: 0 }])).toEqual({ first: 10, last: 10 });
    await log.close();
  });

  test.each([100, 1_400, 2_060, 5_000, 140_000])(
    "bounds the file: records of about %i bytes, written and trimmed many times over",
    async (size) => {
      const maxBytes = 8 * MIB;
      const random = randomFrom(size);
      const log = await openEmbeddedLog({ dir, maxBytes });
      const keep = Math.floor((maxBytes * 0.7) / (size * 1.5 + 4_200));
      for (let written = 0; written < 4 * maxBytes;) {
        const count = Math.max(1, Math.floor(400_000 / size));
        const records = Array.from({ length: count }, () => ({
          value: Buffer.alloc(size + random(Math.ceil(size / 4)), 1),
          timestampMs: 0,
        }));
        const { last } = await log.append(READINGS, records);
        await log.trim(READINGS, { upTo: last - keep });
        for (const { value } of records) written += value.length;
      }
      expect(await fileBytes()).toBeLessThan(maxBytes);
      const accounted = log.bytes;
      await log.close();
      // what we account for is what the file holds, within a fifth and the tree's own pages
      const { usedBytes } = checkFile(join(dir, "data.mdb"));
      expect(usedBytes).toBeLessThan(accounted * 1.2 + 64 * 1_024);
    },
  );
});

describe("the disk", () => {
  test("minFreeBytes: refuses as LOG_FULL before the file system is full", async () => {
    const log = await openEmbeddedLog({ dir, minFreeBytes: Number.MAX_SAFE_INTEGER });
    const refused = log.append(READINGS, [{ value: Buffer.from("a"), timestampMs: 0 }]);
    await expect(refused).rejects.toMatchObject({
      code: "LOG_FULL",
      details: { needed: expect.any(Number) },
    });
    await log.close();
  });

  test("a write that fails is never acknowledged, nor is any after it; a new start has all that was", async () => {
    // the shell lets no file grow beyond 4,000 blocks of 512 bytes
    const script = join(import.meta.dirname, "processes", "until-failure.ts");
    const command = `trap '' XFSZ; ulimit -f 4000; exec "$0" "$@"`;
    const writer = spawn("sh", ["-c", command, process.execPath, script, dir], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    let said = "";
    writer.stdout.on("data", (bytes: Buffer) => (said += bytes.toString()));
    await once(writer, "close");
    const outcome = JSON.parse(said);
    expect(outcome.acknowledged).toBeGreaterThan(3);
    expect(outcome.codes).toEqual(["LOG_FAILED", "LOG_FAILED"]);
    const log = await openEmbeddedLog({ dir });
    expect(await log.bounds(READINGS)).toEqual({ first: 0, next: outcome.acknowledged });
    const records = await log.read(READINGS, { after: -1, maxRecords: 1_000, maxBytes: 1e9 });
    expect(records.map(({ value }) => value[0])).toEqual(records.map((_, at) => at));
    await log.close();
  });
});
