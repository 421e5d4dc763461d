import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogFile } from "../../file-group/file-slice.ts";
import { bytesIn, bytesOut, choose, type CompactionCandidate } from "./strategy.ts";

const candidate = (
  fileId: string,
  { base, logs }: { base: number; logs: number[] },
): CompactionCandidate => ({
  slice: {
    partition: "p",
    fileId,
    baseInstant: "1",
    base: null,
    logs: logs.map((sizeBytes, i) => ({ fileId, version: i + 1, sizeBytes }) as LogFile),
  },
  baseBytes: base,
  logBytes: logs.reduce((sum, bytes) => sum + bytes, 0),
});
const ids = (some: readonly CompactionCandidate[]) => some.map(({ slice }) => slice.fileId);

describe("what a compaction takes", () => {
  const some = [
    candidate("a", { base: 100, logs: [1, 1, 1] }),
    candidate("b", { base: 100, logs: [50] }),
    candidate("c", { base: 0, logs: [20, 20] }),
  ];

  it("comes with the most bytes in log files first, or the most log files", () => {
    expect(ids(choose(some).chosen)).toEqual(["b", "c", "a"]);
    expect(ids(choose(some, { order: "log-files" }).chosen)).toEqual(["a", "c", "b"]);
  });

  it("has enough log files", () => {
    const { chosen, left } = choose(some, { minLogFiles: 2 });
    expect(ids(chosen)).toEqual(["c", "a"]);
    expect(ids(left)).toEqual(["b"]);
  });

  it("costs its files once to read and its base file once to write, without one its log files", () => {
    const [, b, c] = some as [CompactionCandidate, CompactionCandidate, CompactionCandidate];
    expect([bytesIn(b), bytesOut(b), bytesIn(c), bytesOut(c)]).toEqual([150, 100, 40, 40]);
  });

  it("is bounded: what comes first is taken in any case, the rest while there is budget", () => {
    expect(ids(choose(some, { maxBytes: 1 }).chosen)).toEqual(["b"]);
    expect(ids(choose(some, { maxBytes: 251 }).chosen)).toEqual(["b", "c"]);
  });

  it("leaves nothing out unsaid", () => {
    const any = fc.array(fc.tuple(fc.nat(1000), fc.array(fc.nat(1000), { minLength: 1, maxLength: 4 })), {
      maxLength: 6,
    });
    const strategy = fc.record({ minLogFiles: fc.nat(4), maxBytes: fc.nat(5000) });
    fc.assert(
      fc.property(any, strategy, (all, how) => {
        const candidates = all.map(([base, logs], i) => candidate(String(i), { base, logs }));
        const { chosen, left } = choose(candidates, how);
        expect([...ids(chosen), ...ids(left)].sort()).toEqual(ids(candidates).sort());
        expect(choose(candidates.toReversed(), how)).toEqual({ chosen, left });
      }),
    );
  });
});
