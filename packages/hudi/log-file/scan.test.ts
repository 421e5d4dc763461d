import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { avroDataBlock, BLOCK_HEADER, BLOCK_TYPE, logBlock, MAGIC, rollbackBlock } from "./log-block.ts";
import type { LogBlock } from "./log-block.ts";
import { logOfBytes } from "./log-source.ts";
import { type CorruptRegion, scanLog } from "./scan.ts";

const INSTANT = "20260101000000001";

interface Written {
  type: number;
  headers: Map<number, string>;
  content: Buffer;
}

const written: fc.Arbitrary<Written> = fc.record({
  type: fc.constantFrom(...Object.values(BLOCK_TYPE)),
  headers: fc
    .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.string({ unit: "grapheme", maxLength: 40 })), {
      selector: ([key]) => key,
    })
    .map((entries) => new Map(entries)),
  content: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
});

const bytesOf = ({ type, headers, content }: Written) => logBlock(type, headers, content);

async function parts(bytes: Buffer): Promise<(LogBlock | CorruptRegion)[]> {
  const found = [];
  for await (const part of scanLog(logOfBytes("a.log", bytes))) found.push(part);
  return found;
}

/** What a block is, wherever it lies. */
function seen(bytes: Buffer, block: LogBlock): Written {
  const content = bytes.subarray(block.contentAt, block.contentAt + block.contentLength);
  return { type: block.type, headers: new Map(block.headers), content };
}

const blocksOf = (found: readonly (LogBlock | CorruptRegion)[]) =>
  found.filter((part) => part.kind === "block");
const corruptOf = (found: readonly (LogBlock | CorruptRegion)[]) =>
  found.filter((part) => part.kind === "corrupt");

/** Every byte is in one part, in order. */
function expectWhole(bytes: Buffer, found: readonly (LogBlock | CorruptRegion)[]): void {
  let at = 0;
  for (const part of found) {
    expect(part.at).toBe(at);
    expect(part.end).toBeGreaterThan(at);
    at = part.end;
  }
  expect(at).toBe(bytes.length);
}

describe("a whole file", () => {
  it("gives back the blocks that were written, and no other byte", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(written, { maxLength: 5 }), async (all) => {
        const bytes = Buffer.concat(all.map(bytesOf));
        const found = await parts(bytes);
        expectWhole(bytes, found);
        expect(blocksOf(found).map((block) => seen(bytes, block))).toEqual(all);
        expect(corruptOf(found)).toEqual([]);
      }),
    );
  });

  it("has a rollback's instant and target", async () => {
    const [block] = blocksOf(await parts(rollbackBlock({ instant: INSTANT, target: "20260101000000000" })));
    expect(block?.type).toBe(BLOCK_TYPE.command);
    expect(block?.headers.get(BLOCK_HEADER.instantTime)).toBe(INSTANT);
    expect(block?.headers.get(BLOCK_HEADER.targetInstantTime)).toBe("20260101000000000");
  });
});

describe("a damaged file", () => {
  const headers = new Map<number, string>([
    [BLOCK_HEADER.instantTime, INSTANT],
    [BLOCK_HEADER.schema, '{"type":"record"}'],
  ]);
  const first = logBlock(BLOCK_TYPE.avroData, headers, Buffer.from("first"));
  const second = logBlock(BLOCK_TYPE.parquetData, headers, Buffer.from("PAR1 second PAR1"));
  const third = avroDataBlock("{}", [Buffer.from("third")], headers);
  const file = Buffer.concat([first, second, third]);
  const ends = [first.length, first.length + second.length, file.length];

  it("torn at any byte has the blocks before, and the rest as one region", async () => {
    for (let length = 0; length < file.length; length += 1) {
      const bytes = file.subarray(0, length);
      const found = await parts(bytes);
      expectWhole(bytes, found);
      const whole = ends.filter((end) => end <= length);
      expect(blocksOf(found).map(({ end }) => end)).toEqual(whole);
      const torn = length - (whole.at(-1) ?? 0);
      expect(corruptOf(found).map(({ at, end }) => end - at)).toEqual(torn === 0 ? [] : [torn]);
    }
  });

  it("torn at any byte and written on has the blocks before and after, and between them one region", async () => {
    for (let length = 0; length < second.length; length += 1) {
      const bytes = Buffer.concat([first, second.subarray(0, length), third]);
      const found = await parts(bytes);
      expectWhole(bytes, found);
      expect(blocksOf(found).map((block) => seen(bytes, block).content.toString())).toHaveLength(2);
      expect(corruptOf(found).map(({ at, end }) => [at, end])).toEqual(
        length === 0 ? [] : [[first.length, first.length + length]],
      );
    }
  });

  it("tells the instant of a torn block once its header is there", async () => {
    const instants = new Set<string | null>();
    for (let length = 1; length < second.length; length += 1) {
      const [region] = corruptOf(await parts(second.subarray(0, length)));
      instants.add(region?.instant ?? null);
    }
    expect(instants).toEqual(new Set([null, INSTANT]));
  });

  it("with any bit of a block's frame flipped has all other blocks, and never this one as it was", async () => {
    const contentAt = second.indexOf("PAR1 second");
    for (let at = 0; at < second.length; at += 1) {
      const isContent = at >= contentAt && at < contentAt + "PAR1 second PAR1".length;
      if (isContent) continue;
      for (let bit = 0; bit < 8; bit += 1) {
        const bytes = Buffer.from(file);
        bytes[first.length + at] = (second[at] ?? 0) ^ (1 << bit);
        const found = await parts(bytes);
        expectWhole(bytes, found);
        const contents = blocksOf(found).map((block) => seen(bytes, block));
        expect(contents.at(0)?.content.toString()).toBe("first");
        expect(contents.at(-1)?.content.includes("third")).toBe(true);
        const middle = contents.length === 3 ? contents[1] : null;
        if (middle) expect({ type: middle.type, headers: middle.headers }).not.toEqual({ type: 5, headers });
      }
    }
  });

  it("with noise between blocks has them all", async () => {
    const noise = fc
      .uint8Array({ minLength: 1, maxLength: 100 })
      .map((bytes) => Buffer.from(bytes))
      .filter((bytes) => !bytes.includes(MAGIC));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(noise, written), { maxLength: 4 }), noise, async (all, last) => {
        const bytes = Buffer.concat([...all.flatMap(([before, one]) => [before, bytesOf(one)]), last]);
        const found = await parts(bytes);
        expectWhole(bytes, found);
        expect(blocksOf(found).map((block) => seen(bytes, block))).toEqual(all.map(([, one]) => one));
        expect(corruptOf(found)).toHaveLength(all.length + 1);
      }),
    );
  });

  it("of noise alone is one region, whatever lengths it claims", async () => {
    const claim = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.concat([MAGIC, Buffer.from(bytes)]));
    await fc.assert(
      fc.asyncProperty(claim, async (bytes) => {
        const found = await parts(bytes);
        expectWhole(bytes, found);
        expect(blocksOf(found)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
