import { copyFile, mkdir, mkdtemp, open, readFile, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasCode } from "@gridlake/kernel";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Log, StoredRecord } from "../../log.ts";
import { openEmbeddedLog } from "../log.ts";
import { openReadOnlyLog } from "../read-only-log.ts";

// A log of small and large records in several partitions, some of them trimmed, so that its file has branch, leaf and
// overflow pages and a free list; each test damages a copy of it.
const POSITIONS = [
  { topic: "readings", partition: 0 },
  { topic: "readings", partition: 1 },
  { topic: "devices", partition: 0 },
];
const PAGE = 4_096;
/** How many random flips to try; when it is given, every bit of the meta pages is tried too. */
const FLIPS = process.env["GRIDLAKE_FLIPS"] === undefined ? undefined : Number(process.env["GRIDLAKE_FLIPS"]);

// each case syncs a few times, which a busy disk makes slow; a whole run of flips takes minutes
const SLOW_DISK_MS = FLIPS === undefined ? 120_000 : 3_600_000;

let root: string;
let pristine: string;
let content: string;
let fileBytes: number;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "gridlake-damage-"));
  pristine = join(root, "pristine");
  const log = await openEmbeddedLog({ dir: pristine });
  for (let round = 0; round < 60; round += 1) {
    for (const [at, position] of POSITIONS.entries()) {
      const size = [40, 1_500, 9_000][(round + at) % 3]!;
      const record = { value: Buffer.alloc(size, round), timestampMs: round, headers: { round: `${round}` } };
      await log.append(position, [record, record, record]);
    }
    if (round % 20 === 10) await log.trim(POSITIONS[0]!, { upTo: round });
  }
  content = await contentOf(log);
  await log.close();
  fileBytes = (await stat(join(pristine, "data.mdb"))).size;
});
afterAll(() => rm(root, { recursive: true }));

async function contentOf(log: Log): Promise<string> {
  const all: [unknown, StoredRecord[]][] = [];
  for (const position of POSITIONS) {
    const { first } = await log.bounds(position);
    all.push([position, await log.read(position, { after: first - 1, maxRecords: 10_000, maxBytes: 1e9 })]);
  }
  return JSON.stringify(all);
}

/** What a damaged copy gives: its content, or the error that refuses it. */
async function outcome(
  damage: (file: string) => Promise<void>,
  openLog: (dir: string) => Promise<Log>,
): Promise<unknown> {
  const dir = await mkdtemp(join(root, "copy-"));
  await mkdir(dir, { recursive: true });
  const file = join(dir, "data.mdb");
  await copyFile(join(pristine, "data.mdb"), file);
  await damage(file);
  try {
    const log = await openLog(dir);
    try {
      return await contentOf(log);
    } finally {
      await log.close();
    }
  } catch (error) {
    return error;
  } finally {
    await rm(dir, { recursive: true });
  }
}

const OPENERS: [string, (dir: string) => Promise<Log>][] = [
  ["written", (dir) => openEmbeddedLog({ dir })],
  ["read", openReadOnlyLog],
];

async function flip(file: string, at: number, mask: number): Promise<void> {
  const handle = await open(file, "r+");
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, at);
  byte[0]! ^= mask;
  await handle.write(byte, 0, 1, at);
  await handle.close();
}

function expectIntact(result: unknown): void {
  if (hasCode(result, "LOG_CORRUPT")) {
    expect((result as Error).message).toContain("data.mdb: ");
    return;
  }
  // damage in bytes that nothing uses is no damage; an error of any other kind is not equal either
  expect(result).toBe(content);
}

describe.each(OPENERS)(
  "a damaged file that is opened to be %s",
  { timeout: SLOW_DISK_MS },
  (_how, openLog) => {
    test("undamaged, it gives its content", async () => {
      expect(await outcome(async () => {}, openLog)).toBe(content);
    });

    test("a flipped bit anywhere: the true content or LOG_CORRUPT, never other content", async () => {
      const mask = fc.nat(7).map((bit) => 1 << bit);
      // heads and nodes are the few bytes on which everything hangs, so half of the flips go there
      const anywhere = fc.nat(fileBytes - 1);
      const inHead = fc
        .tuple(fc.nat(fileBytes / PAGE - 1), fc.nat(170))
        .map(([page, at]) => page * PAGE + at);
      await fc.assert(
        fc.asyncProperty(fc.oneof(anywhere, inHead), mask, async (at, bits) => {
          expectIntact(await outcome((file) => flip(file, at, bits), openLog));
        }),
        { numRuns: FLIPS ?? 80 },
      );
    });

    test("a flipped bit in a meta page", async () => {
      const metaBits = (24 + 144) * 8;
      for (let bit = 0; bit < metaBits * 2; bit += FLIPS === undefined ? 29 : 1) {
        const at = ((bit % metaBits) >> 3) + (bit < metaBits ? 0 : PAGE);
        expectIntact(await outcome((file) => flip(file, at, 1 << (bit & 7)), openLog));
      }
    });

    test("a lower transaction number in a meta page does not bring an older state back", async () => {
      for (const page of [0, 1]) {
        for (const lower of [2, 4, 8]) {
          const older = async (file: string): Promise<void> => {
            const handle = await open(file, "r+");
            const txnid = Buffer.alloc(8);
            await handle.read(txnid, 0, 8, page * PAGE + 152);
            txnid.writeBigUInt64LE(txnid.readBigUInt64LE() - BigInt(lower));
            await handle.write(txnid, 0, 8, page * PAGE + 152);
            await handle.close();
          };
          expectIntact(await outcome(older, openLog));
        }
      }
    });

    test("a flipped bit in a record's value: LOG_CORRUPT with its topic, offset and file", async () => {
      const bytes = await readFile(join(pristine, "data.mdb"));
      // round 59 wrote large records of 59s to readings/1 last
      const at = bytes.lastIndexOf(Buffer.alloc(8_000, 58));
      expect(at).toBeGreaterThan(0);
      const error = await outcome((file) => flip(file, at + 4_000, 1), openLog);
      expect(error).toMatchObject({ code: "LOG_CORRUPT", details: { topic: expect.any(String) } });
      expect((error as Error).message).toMatch(/data\.mdb: offset \d+ of (readings|devices)\/\d /);
    });

    test.each([0, 1, 100, PAGE, 2 * PAGE - 1, 2 * PAGE, 3 * PAGE, 20 * PAGE + 7])(
      "cut off after %i bytes: LOG_CORRUPT",
      async (length) => {
        const error = await outcome((file) => truncate(file, length), openLog);
        expect(error).toMatchObject({ code: "LOG_CORRUPT" });
      },
    );

    test("cut off anywhere: the true content or LOG_CORRUPT", async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(fileBytes), async (length) => {
          expectIntact(await outcome((file) => truncate(file, length), openLog));
        }),
        { numRuns: 30 },
      );
    });

    test("a page written over by another: LOG_CORRUPT or the true content", async () => {
      const page = fc.integer({ min: 2, max: fileBytes / PAGE - 1 });
      await fc.assert(
        fc.asyncProperty(page, page, async (from, to) => {
          const moved = async (file: string): Promise<void> => {
            const handle = await open(file, "r+");
            const bytes = Buffer.alloc(PAGE);
            await handle.read(bytes, 0, PAGE, from * PAGE);
            await handle.write(bytes, 0, PAGE, to * PAGE);
            await handle.close();
          };
          expectIntact(await outcome(moved, openLog));
        }),
        { numRuns: 30 },
      );
    });
  },
);
