import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasCode } from "@gridlake/kernel";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { LogRecord } from "../log.ts";
import { type EmbeddedLog, openEmbeddedLog } from "./log.ts";

/** One partition as anyone would write it down. */
interface ModelPartition {
  first: number;
  records: LogRecord[];
}

type Step =
  | { do: "append"; at: number; sizes: number[] }
  | { do: "appendTogether"; calls: { at: number; sizes: number[] }[] }
  | { do: "read"; at: number; after: number; maxRecords: number; maxBytes: number }
  | { do: "trim"; at: number; upTo: number }
  | { do: "reopen" };

const POSITIONS = [
  { topic: "a", partition: 0 },
  { topic: "a", partition: 1 },
  { topic: "b", partition: 0 },
];

// around the size at which LMDB gives a record its own pages, and well above
const size = fc.oneof(fc.nat(60), fc.integer({ min: 1_950, max: 2_100 }), fc.nat(12_000));
const at = fc.nat(POSITIONS.length - 1);
const sizes = fc.array(size, { minLength: 1, maxLength: 6 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("append" as const), at, sizes }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("appendTogether" as const),
      calls: fc.array(fc.record({ at, sizes }), { maxLength: 8 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("read" as const),
      at,
      after: fc.integer({ min: -1, max: 60 }),
      maxRecords: fc.integer({ min: 1, max: 20 }),
      maxBytes: fc.nat(40_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("trim" as const), at, upTo: fc.integer({ min: -1, max: 60 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reopen" as const) }) },
);

class Model {
  readonly partitions: ModelPartition[] = POSITIONS.map(() => ({ first: 0, records: [] }));
  #made = 0;

  make(recordSizes: readonly number[]): LogRecord[] {
    return recordSizes.map((bytes) => {
      this.#made += 1;
      const headers = this.#made % 3 === 0 ? { made: `${this.#made}` } : {};
      return { value: Buffer.alloc(bytes, this.#made), timestampMs: this.#made, headers };
    });
  }

  append(index: number, records: readonly LogRecord[]): { first: number; last: number } {
    const partition = this.partitions[index]!;
    const first = partition.first + partition.records.length;
    partition.records.push(...records);
    return { first, last: first + records.length - 1 };
  }

  bounds(index: number): { first: number; next: number } {
    const { first, records } = this.partitions[index]!;
    return { first, next: first + records.length };
  }

  trim(index: number, upTo: number): void {
    const partition = this.partitions[index]!;
    const gone = Math.min(Math.max(0, upTo + 1 - partition.first), partition.records.length);
    partition.records.splice(0, gone);
    partition.first += gone;
  }

  read(index: number, range: { after: number; maxRecords: number; maxBytes: number }): unknown {
    const { first, next } = this.bounds(index);
    if (range.after + 1 < first || range.after + 1 > next) return "LOG_OFFSET_OUT_OF_RANGE";
    const found: unknown[] = [];
    let bytes = 0;
    for (let offset = range.after + 1; offset < next && found.length < range.maxRecords; offset += 1) {
      const record = this.partitions[index]!.records[offset - first]!;
      bytes += record.value.byteLength;
      if (found.length > 0 && bytes > range.maxBytes) break;
      found.push(plain({ ...record, offset }));
    }
    return found;
  }
}

function plain(record: LogRecord & { offset: number }): unknown {
  const { offset, timestampMs, headers, value } = record;
  return { offset, timestampMs, headers, value: Buffer.from(value).toString("base64") };
}

async function readOrCode(
  log: EmbeddedLog,
  read: { at: number; after: number; maxRecords: number; maxBytes: number },
): Promise<unknown> {
  try {
    return (await log.read(POSITIONS[read.at]!, read)).map(plain);
  } catch (error) {
    if (hasCode(error, "LOG_OFFSET_OUT_OF_RANGE")) return "LOG_OFFSET_OUT_OF_RANGE";
    throw error;
  }
}

test(
  "property: any appends, reads, trims and reopens give what an array would",
  { timeout: 120_000 },
  async () => {
    const root = await mkdtemp(join(tmpdir(), "gridlake-oracle-"));
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        run += 1;
        const dir = join(root, `${run}`);
        const model = new Model();
        let log = await openEmbeddedLog({ dir });
        try {
          for (const one of steps) {
            if (one.do === "append") {
              const records = model.make(one.sizes);
              expect(await log.append(POSITIONS[one.at]!, records)).toEqual(model.append(one.at, records));
            } else if (one.do === "appendTogether") {
              const calls = one.calls.map((call) => ({ at: call.at, records: model.make(call.sizes) }));
              const got = await Promise.all(
                calls.map((call) => log.append(POSITIONS[call.at]!, call.records)),
              );
              expect(got).toEqual(calls.map((call) => model.append(call.at, call.records)));
            } else if (one.do === "read") {
              expect(await readOrCode(log, one)).toEqual(model.read(one.at, one));
            } else if (one.do === "trim") {
              await log.trim(POSITIONS[one.at]!, one);
              model.trim(one.at, one.upTo);
            } else {
              await log.close();
              log = await openEmbeddedLog({ dir });
            }
            for (const index of POSITIONS.keys()) {
              expect(await log.bounds(POSITIONS[index]!)).toEqual(model.bounds(index));
            }
          }
          for (const index of POSITIONS.keys()) {
            const all = {
              at: index,
              after: model.bounds(index).first - 1,
              maxRecords: 10_000,
              maxBytes: 1e9,
            };
            expect(await readOrCode(log, all)).toEqual(model.read(index, all));
          }
          if (model.partitions.every(({ records }) => records.length === 0)) expect(log.bytes).toBe(0);
        } finally {
          await log.close();
          await rm(dir, { recursive: true });
        }
      }),
      { numRuns: Number(process.env["GRIDLAKE_CASES"] ?? 60) },
    );
    await rm(root, { recursive: true });
  },
);
