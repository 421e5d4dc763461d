import { describe, expect, it } from "vitest";
import { type Instant, pendingInstant } from "../timeline/instant.ts";
import { Timeline } from "../timeline/timeline.ts";
import { baseFileName, logFileName, parseBaseFileName, parseLogFileName } from "./file-name.ts";
import { FileSystemView } from "./file-system-view.ts";

it("names base files as Hudi does", () => {
  const parts = { fileId: "5a1e-0", writeToken: "3-0-0", instant: "20260101000000000" };
  expect(baseFileName(parts)).toBe("5a1e-0_3-0-0_20260101000000000.parquet");
  expect(parseBaseFileName(baseFileName(parts))).toEqual(parts);
  expect(parseBaseFileName(".hoodie_partition_metadata")).toBeNull();
  expect(parseBaseFileName(".5a1e-0_20260101000000000.log.1_0-0-0")).toBeNull();
});

it("names log files as Hudi does", () => {
  const parts = { fileId: "5a1e-0", instant: "20260101000000000", version: 12, writeToken: "3-0-0" };
  expect(logFileName(parts)).toBe(".5a1e-0_20260101000000000.log.12_3-0-0");
  expect(parseLogFileName(logFileName(parts))).toEqual(parts);
  for (const other of [
    `.${logFileName(parts)}.crc`,
    `${logFileName(parts)}.cdc`,
    "5a1e-0_3-0-0_20260101000000000.parquet",
  ])
    expect(parseLogFileName(other)).toBeNull();
});

const at = (end: number) => `2026010100000000${end}`;
const stat = (fileId: string, end: number) => ({
  fileId,
  path: `p/${fileId}_0-0-0_${at(end)}.parquet`,
  prevCommit: "null",
  prevBaseFile: null,
  partitionPath: "p",
  numWrites: 1,
  numInserts: 1,
  numUpdateWrites: 0,
  numDeletes: 0,
  totalWriteBytes: 10,
  fileSizeInBytes: 10,
  totalWriteErrors: 0,
});

it("gives of each file group the newest committed version as of an instant, and none that was replaced", () => {
  const view = new FileSystemView();
  const metadata = (...stats: ReturnType<typeof stat>[]) => ({
    partitionToWriteStats: { p: stats },
    compacted: false,
    extraMetadata: {},
    operationType: "UPSERT",
  });
  view.apply(at(1), metadata(stat("a-0", 1), stat("b-0", 1)));
  view.apply(at(2), metadata(stat("a-0", 2)));
  view.apply(at(3), { ...metadata(stat("c-0", 3)), partitionToReplaceFileIds: { p: ["b-0"] } });
  view.apply(at(4), metadata(stat("a-0", 4)));
  const timeline = new Timeline(
    [1, 2, 3].map((end) => ({
      timestamp: at(end),
      action: end === 3 ? ("replacecommit" as const) : ("commit" as const),
      state: "completed" as const,
      completedAt: at(end),
    })),
  );
  const latest = (asOf?: string) =>
    view
      .latest(timeline, asOf === undefined ? {} : { asOf })
      .map((file) => `${file.fileId}@${file.instant.at(-1)}`)
      .sort();
  expect(latest()).toEqual(["a-0@2", "c-0@3"]);
  expect(latest(at(2))).toEqual(["a-0@2", "b-0@1"]);
  expect(latest(at(1))).toEqual(["a-0@1", "b-0@1"]);
  expect(latest(at(0))).toEqual([]);
  view.remove("p", `a-0_0-0-0_${at(1)}.parquet`);
  expect(latest(at(1))).toEqual(["b-0@1"]);
});

const done = (end: number, completion = end, action: "commit" | "deltacommit" = "deltacommit"): Instant => ({
  timestamp: at(end),
  action,
  state: "completed",
  completedAt: at(completion),
});
const log = (instant: number, version = 1) => `.a-0_${at(instant)}.log.${version}_0-0-0`;
const base = (instant: number) => `a-0_0-0-0_${at(instant)}.parquet`;
const viewOf = (...names: string[]) => {
  const view = new FileSystemView();
  for (const name of names) view.addName("p", name, 1);
  return view;
};
const shape = (view: FileSystemView, timeline: Timeline, asOf?: string) =>
  view
    .latestSlices(timeline, asOf === undefined ? {} : { asOf })
    .map((slice) => [slice.base?.name ?? null, ...slice.logs.map((one) => one.name)]);

describe("a file slice", () => {
  it("has the logs that name its base, and those that name a compaction under way (version 6)", () => {
    const view = viewOf(base(1), log(1), log(1, 2), log(4), base(4));
    const running = new Timeline([
      done(1),
      done(2),
      pendingInstant(at(4), "compaction", "inflight"),
      done(5),
    ]);
    expect(shape(view, running)).toEqual([[base(1), log(1), log(1, 2), log(4)]]);
    const compacted = new Timeline([done(1), done(2), done(4, 4, "commit"), done(5)]);
    expect(shape(view, compacted)).toEqual([[base(4), log(4)]]);
    expect(shape(view, compacted, at(2))).toEqual([[base(1), log(1), log(1, 2), log(4)]]);
  });

  it("has the logs whose delta commits completed after its base began (version 8)", () => {
    // the delta commit 3 began before the compaction 4 and completed after it had begun
    const view = viewOf(base(1), log(2), log(3), base(4), log(5));
    const timeline = new Timeline([done(1), done(2), done(3, 6), done(4, 8, "commit"), done(5, 7)]);
    expect(shape(view, timeline)).toEqual([[base(4), log(3), log(5)]]);
    expect(shape(view, timeline, at(3))).toEqual([[base(1), log(2), log(3), log(5)]]);
  });

  it("may begin with a log", () => {
    const view = viewOf(log(2));
    expect(view.latestSlices(new Timeline([done(2)]))).toMatchObject([{ baseInstant: at(2), base: null }]);
  });

  it("does not know the size of a log that was appended to", () => {
    const view = viewOf(base(1), log(1), log(1));
    expect(view.group("p", "a-0")?.logs).toMatchObject([{ sizeBytes: null }]);
    view.remove("p", log(1));
    expect(view.group("p", "a-0")?.logs).toEqual([]);
  });
});
