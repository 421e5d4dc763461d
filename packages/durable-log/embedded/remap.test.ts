import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MIB } from "@gridlake/kernel";
import { expect, test } from "vitest";
import type { Log } from "../log.ts";
import { openEmbeddedLog } from "./log.ts";
import { openReadOnlyLog } from "./read-only-log.ts";

const READINGS = { topic: "readings" };
const RECORDS = 16;

/** Reads 16 MiB again and again, far beyond what makes the file be mapped anew, and checks each byte's record. */
async function readOver(log: Log, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const records = await log.read(READINGS, { after: -1, maxRecords: RECORDS, maxBytes: 1e9 });
    expect(records.map(({ value }) => [value.length, value[0], value[MIB - 1]])).toEqual(
      Array.from({ length: RECORDS }, (_, at) => [MIB, at, at]),
    );
  }
}

test("mapping the file anew disturbs neither reads nor appends nor trims nor waits", async () => {
  const dir = await mkdtemp(join(tmpdir(), "gridlake-remap-"));
  const log = await openEmbeddedLog({ dir });
  for (let at = 0; at < RECORDS; at += 1) {
    await log.append(READINGS, [{ value: Buffer.alloc(MIB, at), timestampMs: 0 }]);
  }
  const events = { topic: "events" };
  const reading = new AbortController();
  const append = async (): Promise<number> => {
    let appended = 0;
    while (!reading.signal.aborted) {
      const waiting = log.waitFor(events, { after: appended - 1, timeoutMs: 10_000 });
      const { first } = await log.append(events, [{ value: Buffer.from(`${appended}`), timestampMs: 0 }]);
      expect(first).toBe(appended);
      expect(await waiting).toBe(true);
      appended += 1;
      if (appended % 50 === 0) await log.trim(events, { upTo: appended - 10 });
    }
    return appended;
  };
  const appending = append();
  await Promise.all([readOver(log, 16), readOver(log, 16)]);
  reading.abort();
  const appended = await appending;
  const [last] = await log.read(events, { after: appended - 2, maxRecords: 1, maxBytes: 1 });
  expect(Buffer.from(last!.value).toString()).toBe(`${appended - 1}`);
  await log.close();
  const readers = [await openReadOnlyLog(dir), await openReadOnlyLog(dir)];
  await Promise.all([...readers, ...readers].map((reader) => readOver(reader, 10)));
  for (const reader of readers) expect((await reader.bounds(events)).next).toBe(appended);
  for (const reader of readers) await reader.close();
  await rm(dir, { recursive: true });
});
