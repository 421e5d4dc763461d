import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Log, LogRecord, Position, StoredRecord } from "../log.ts";

/** One log under test, which can be closed and opened again on the same data. */
export interface LogUnderTest {
  log: Log;
  reopen(): Promise<Log>;
  /** Closes the log and removes its data. */
  dispose(): Promise<void>;
}

/** Limits that `open` must give the log, small enough for a test to meet them. */
export interface SmallLimits {
  maxRecordBytes: number;
  maxUnsyncedBytes: number;
}
export const SMALL_LIMITS: SmallLimits = { maxRecordBytes: 300_000, maxUnsyncedBytes: 1_000_000 };

const READINGS: Position = { topic: "readings" };
const ALL = { maxRecords: 1_000_000, maxBytes: 1_000_000_000 };

function record(text: string, timestampMs = 1_700_000_000_000): LogRecord {
  return { value: Buffer.from(text), timestampMs };
}

function texts(records: readonly StoredRecord[]): string[] {
  return records.map(({ value }) => Buffer.from(value).toString());
}

/** What every implementation of the port has to pass: `describeLog("embedded", open)`. */
export function describeLog(name: string, open: (limits: SmallLimits) => Promise<LogUnderTest>): void {
  describe(`the topic log: ${name}`, () => {
    let under: LogUnderTest;
    let log: Log;

    beforeEach(async () => {
      under = await open(SMALL_LIMITS);
      log = under.log;
    });
    afterEach(() => under.dispose());

    describe("append and read", () => {
      test("gives back value, headers and timestamp as they were given", async () => {
        const value = Buffer.from([0, 255, 10, 13, 0xc3, 0x28]);
        const headers = { "batch-id": "b-1", device: "M0001", 说明: "电表 ⚡" };
        await log.append(READINGS, [{ value, headers, timestampMs: 1_380_585_600_123 }]);
        const [stored] = await log.read(READINGS, { after: -1, ...ALL });
        expect(stored).toMatchObject({ offset: 0, headers, timestampMs: 1_380_585_600_123 });
        expect(Buffer.from(stored!.value)).toEqual(value);
      });

      test("gives an empty object for no headers, and keeps an empty value", async () => {
        await log.append(READINGS, [{ value: new Uint8Array(0), timestampMs: 0 }]);
        const [stored] = await log.read(READINGS, { after: -1, ...ALL });
        expect(stored).toMatchObject({ offset: 0, headers: {}, timestampMs: 0 });
        expect(stored!.value.byteLength).toBe(0);
      });

      test("offsets count from 0 without gaps, in each partition on its own", async () => {
        expect(await log.append(READINGS, [record("a"), record("b")])).toEqual({ first: 0, last: 1 });
        expect(await log.append(READINGS, [record("c")])).toEqual({ first: 2, last: 2 });
        expect(await log.append({ topic: "readings", partition: 1 }, [record("d")])).toEqual({
          first: 0,
          last: 0,
        });
        expect(await log.append({ topic: "devices" }, [record("e")])).toEqual({ first: 0, last: 0 });
        expect(texts(await log.read(READINGS, { after: -1, ...ALL }))).toEqual(["a", "b", "c"]);
        expect(texts(await log.read({ topic: "readings", partition: 1 }, { after: -1, ...ALL }))).toEqual([
          "d",
        ]);
      });

      test("Order: concurrent appends keep the order of their calls, and each call's records stay together", async () => {
        const calls = Array.from({ length: 50 }, (_, call) =>
          log.append(READINGS, [record(`${call}.0`), record(`${call}.1`), record(`${call}.2`)]),
        );
        const offsets = await Promise.all(calls);
        expect(offsets).toEqual(offsets.map((_, call) => ({ first: call * 3, last: call * 3 + 2 })));
        const expected = offsets.flatMap((_, call) => [`${call}.0`, `${call}.1`, `${call}.2`]);
        expect(texts(await log.read(READINGS, { after: -1, ...ALL }))).toEqual(expected);
      });

      test("takes a copy: what the caller does with its buffer afterwards does not matter", async () => {
        const value = Buffer.from("before");
        const appended = log.append(READINGS, [{ value, timestampMs: 0 }]);
        value.write("after!");
        await appended;
        expect(texts(await log.read(READINGS, { after: -1, ...ALL }))).toEqual(["before"]);
      });

      test("what was read stays as it is, whatever is read, written and trimmed later", async () => {
        const sizes = [10, 3_000, 40_000, 140_000];
        await log.append(
          READINGS,
          sizes.map((size, at) => ({ value: Buffer.alloc(size, at + 1), timestampMs: at })),
        );
        const kept = await log.read(READINGS, { after: -1, ...ALL });
        for (let round = 0; round < 10; round += 1) {
          await log.append(READINGS, [{ value: Buffer.alloc(140_000, 99), timestampMs: 0 }]);
          await log.read(READINGS, { after: -1, ...ALL });
        }
        await log.trim(READINGS, { upTo: 8 });
        await log.append(READINGS, [{ value: Buffer.alloc(140_000, 98), timestampMs: 0 }]);
        const expected = sizes.map((size, at) => Buffer.alloc(size, at + 1));
        expect(kept.map(({ value }) => Buffer.compare(value, expected.shift()!))).toEqual([0, 0, 0, 0]);
      });

      test("reads on from an offset, within maxRecords and maxBytes, but always one record", async () => {
        await log.append(
          READINGS,
          ["aaaa", "bbbb", "cccc", "dddd"].map((text) => record(text)),
        );
        const read = async (after: number, maxRecords: number, maxBytes: number): Promise<string[]> =>
          texts(await log.read(READINGS, { after, maxRecords, maxBytes }));
        expect(await read(0, 2, 1_000)).toEqual(["bbbb", "cccc"]);
        expect(await read(-1, 10, 8)).toEqual(["aaaa", "bbbb"]);
        expect(await read(-1, 10, 11)).toEqual(["aaaa", "bbbb"]);
        expect(await read(1, 10, 1)).toEqual(["cccc"]);
        expect(await read(3, 10, 1_000)).toEqual([]);
      });

      test("a position that was never written is empty, and has one partition", async () => {
        expect(await log.read({ topic: "unknown" }, { after: -1, ...ALL })).toEqual([]);
        expect(await log.bounds({ topic: "unknown" })).toEqual({ first: 0, next: 0 });
        expect(await log.partitions("unknown")).toBe(1);
        await log.append({ topic: "unknown", partition: 2 }, [record("a")]);
        expect(await log.partitions("unknown")).toBe(3);
      });
    });

    describe("refusals", () => {
      test("an offset that was never written is out of range, not an empty answer", async () => {
        await log.append(READINGS, [record("a")]);
        const beyond = log.read(READINGS, { after: 1, ...ALL });
        await expect(beyond).rejects.toMatchObject({
          code: "LOG_OFFSET_OUT_OF_RANGE",
          retry: "after-refresh",
        });
        const unknown = log.read({ topic: "unknown" }, { after: 0, ...ALL });
        await expect(unknown).rejects.toMatchObject({ code: "LOG_OFFSET_OUT_OF_RANGE" });
      });

      test("a record above its bound is refused, and takes no offset", async () => {
        const large = { value: Buffer.alloc(SMALL_LIMITS.maxRecordBytes + 1), timestampMs: 0 };
        const refused = log.append(READINGS, [record("a"), large]);
        await expect(refused).rejects.toMatchObject({ code: "LOG_RECORD_TOO_LARGE", status: 413 });
        const largest = { value: Buffer.alloc(SMALL_LIMITS.maxRecordBytes, 7), timestampMs: 0 };
        expect(await log.append(READINGS, [largest])).toEqual({ first: 0, last: 0 });
      });

      test("more than may wait for its sync is refused as busy, and taken in afterwards", async () => {
        const value = Buffer.alloc(250_000);
        const outcomes = await Promise.allSettled(
          Array.from({ length: 10 }, () => log.append(READINGS, [{ value, timestampMs: 0 }])),
        );
        const refused = outcomes.filter((outcome) => outcome.status === "rejected");
        expect(refused.length).toBeGreaterThan(0);
        expect(refused.length).toBeLessThan(10);
        for (const { reason } of refused) {
          expect(reason).toMatchObject({ code: "LOG_BUSY", retry: "later", status: 503 });
        }
        const next = 10 - refused.length;
        expect(await log.bounds(READINGS)).toEqual({ first: 0, next });
        expect(await log.append(READINGS, [{ value, timestampMs: 0 }])).toEqual({ first: next, last: next });
      });

      test.each([
        ["no record", []],
        ["a negative timestamp", [record("a", -1)]],
        ["a fraction of a millisecond", [record("a", 0.5)]],
        ["a header that is no text", [{ ...record("a"), headers: { n: 1 as unknown as string } }]],
        ["headers beyond 65,535 bytes", [{ ...record("a"), headers: { n: "x".repeat(65_536) } }]],
      ])("%s is refused as LOG_RECORD_INVALID", async (_what, records) => {
        await expect(log.append(READINGS, records)).rejects.toMatchObject({
          code: "LOG_RECORD_INVALID",
          status: 400,
        });
        expect(await log.bounds(READINGS)).toEqual({ first: 0, next: 0 });
      });

      test.each([
        { topic: "" },
        { topic: "a/b" },
        { topic: "a\u0000" },
        { topic: "a".repeat(250) },
        { topic: "a", partition: -1 },
        { topic: "a", partition: 0.5 },
        { topic: "a", partition: 1_024 },
      ])("the position %o is refused", async (position) => {
        const refusal = { code: "LOG_POSITION_INVALID" };
        await expect(log.append(position, [record("a")])).rejects.toMatchObject(refusal);
        await expect(log.read(position, { after: -1, ...ALL })).rejects.toMatchObject(refusal);
        await expect(log.bounds(position)).rejects.toMatchObject(refusal);
      });

      test("after close, every call is refused as closed, and close may be called again", async () => {
        await log.close();
        const refusal = { code: "LOG_CLOSED" };
        await expect(log.append(READINGS, [record("a")])).rejects.toMatchObject(refusal);
        await expect(log.read(READINGS, { after: -1, ...ALL })).rejects.toMatchObject(refusal);
        await expect(log.bounds(READINGS)).rejects.toMatchObject(refusal);
        await expect(log.trim(READINGS, { upTo: 0 })).rejects.toMatchObject(refusal);
        await expect(log.partitions("readings")).rejects.toMatchObject(refusal);
        await log.close();
      });
    });

    describe("trim", () => {
      test("forgets up to and with an offset; what stays keeps its offsets", async () => {
        await log.append(
          READINGS,
          ["a", "b", "c", "d"].map((text) => record(text)),
        );
        await log.trim(READINGS, { upTo: 1 });
        expect(await log.bounds(READINGS)).toEqual({ first: 2, next: 4 });
        expect(texts(await log.read(READINGS, { after: 1, ...ALL }))).toEqual(["c", "d"]);
        const trimmed = log.read(READINGS, { after: 0, ...ALL });
        await expect(trimmed).rejects.toMatchObject({ code: "LOG_OFFSET_OUT_OF_RANGE" });
      });

      test("going back, or on an empty partition, changes nothing", async () => {
        await log.trim({ topic: "unknown" }, { upTo: 10 });
        expect(await log.bounds({ topic: "unknown" })).toEqual({ first: 0, next: 0 });
        await log.append(
          READINGS,
          ["a", "b", "c"].map((text) => record(text)),
        );
        await log.trim(READINGS, { upTo: 1 });
        await log.trim(READINGS, { upTo: 0 });
        await log.trim(READINGS, { upTo: -1 });
        expect(await log.bounds(READINGS)).toEqual({ first: 2, next: 3 });
      });

      test("of everything, even beyond the end, keeps the next offset, also when opened again", async () => {
        await log.append(
          READINGS,
          ["a", "b", "c"].map((text) => record(text)),
        );
        await log.trim(READINGS, { upTo: 100 });
        expect(await log.bounds(READINGS)).toEqual({ first: 3, next: 3 });
        expect(await log.read(READINGS, { after: 2, ...ALL })).toEqual([]);
        log = await under.reopen();
        expect(await log.bounds(READINGS)).toEqual({ first: 3, next: 3 });
        expect(await log.append(READINGS, [record("d")])).toEqual({ first: 3, last: 3 });
        expect(texts(await log.read(READINGS, { after: 2, ...ALL }))).toEqual(["d"]);
      });

      test("leaves other partitions and topics alone", async () => {
        const others: Position[] = [
          { topic: "readings", partition: 1 },
          { topic: "readings2" },
          { topic: "reading" },
        ];
        for (const position of [READINGS, ...others]) await log.append(position, [record("a"), record("b")]);
        await log.trim(READINGS, { upTo: 1 });
        for (const position of others) expect(await log.bounds(position)).toEqual({ first: 0, next: 2 });
      });

      test("takes thousands of records away while others append", async () => {
        const batch = Array.from({ length: 1_000 }, (_, at) => record(`r${at}`));
        for (let at = 0; at < 10; at += 1) await log.append(READINGS, batch);
        const trimmed = log.trim(READINGS, { upTo: 9_499 });
        const appended = await Promise.all(batch.slice(0, 100).map((one) => log.append(READINGS, [one])));
        await trimmed;
        expect(appended.map(({ first }) => first)).toEqual(appended.map((_, at) => 10_000 + at));
        expect(await log.bounds(READINGS)).toEqual({ first: 9_500, next: 10_100 });
        expect((await log.read(READINGS, { after: 9_499, ...ALL })).length).toBe(600);
      });
    });

    describe("waitFor", () => {
      test("is true at once for what is there, and once it is appended", async () => {
        const coming = log.waitFor(READINGS, { after: 0, timeoutMs: 10_000 });
        await log.append(READINGS, [record("a")]);
        expect(await log.waitFor(READINGS, { after: -1, timeoutMs: 0 })).toBe(true);
        await log.append(READINGS, [record("b")]);
        expect(await coming).toBe(true);
      });

      test("is false after its time, when aborted, and when the log closes", async () => {
        await log.append({ topic: "other" }, [record("a")]);
        expect(await log.waitFor(READINGS, { after: -1, timeoutMs: 20 })).toBe(false);
        const abort = new AbortController();
        const aborted = log.waitFor(READINGS, { after: -1, timeoutMs: 10_000, signal: abort.signal });
        abort.abort();
        expect(await aborted).toBe(false);
        const already = log.waitFor(READINGS, { after: -1, timeoutMs: 10_000, signal: abort.signal });
        expect(await already).toBe(false);
        const waiting = log.waitFor(READINGS, { after: -1, timeoutMs: 10_000 });
        await log.close();
        expect(await waiting).toBe(false);
      });

      test("what it announces can be read", async () => {
        const seen: string[] = [];
        const reading = (async () => {
          while (
            seen.length < 20 &&
            (await log.waitFor(READINGS, { after: seen.length - 1, timeoutMs: 10_000 }))
          ) {
            seen.push(...texts(await log.read(READINGS, { after: seen.length - 1, ...ALL })));
          }
        })();
        for (let at = 0; at < 20; at += 1) await log.append(READINGS, [record(`r${at}`)]);
        await reading;
        expect(seen).toEqual(Array.from({ length: 20 }, (_, at) => `r${at}`));
      });
    });

    describe("durability", () => {
      test("L2: close syncs what was taken in; opened again, all of it is there", async () => {
        const appended = Array.from({ length: 20 }, (_, at) => log.append(READINGS, [record(`r${at}`)]));
        log = await under.reopen();
        expect((await Promise.all(appended)).map(({ first }) => first)).toEqual(appended.map((_, at) => at));
        expect(texts(await log.read(READINGS, { after: -1, ...ALL }))).toEqual(
          appended.map((_, at) => `r${at}`),
        );
        expect(await log.partitions("readings")).toBe(1);
      });
    });
  });
}
