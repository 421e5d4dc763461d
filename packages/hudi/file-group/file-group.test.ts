import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Timeline } from "../timeline/timeline.ts";
import { baseFileName, parseBaseFileName } from "./file-name.ts";
import { FileSystemView } from "./file-system-view.ts";
import { DEFAULT_PARTITION, partitionPath } from "./partition-path.ts";

const encoded = (value: string | null) => partitionPath(value, { encode: true });

it("names base files as Hudi does", () => {
  const parts = { fileId: "5a1e-0", writeToken: "3-0-0", instant: "20260101000000000" };
  expect(baseFileName(parts)).toBe("5a1e-0_3-0-0_20260101000000000.parquet");
  expect(parseBaseFileName(baseFileName(parts))).toEqual(parts);
  expect(parseBaseFileName(".hoodie_partition_metadata")).toBeNull();
  expect(parseBaseFileName(".5a1e-0_20260101000000000.log.1_0-0-0")).toBeNull();
});

it("encodes partition values as Hive does", () => {
  expect(encoded("2026-01-31")).toBe("2026-01-31");
  expect(encoded("a/b=c:d")).toBe("a%2Fb%3Dc%3Ad");
  expect(encoded("100%")).toBe("100%25");
  expect(encoded("Zürich 中文")).toBe("Zürich 中文");
  expect(encoded(null)).toBe(DEFAULT_PARTITION);
});

it("gives different values different folders, each directly below the table", () => {
  const value = fc
    .string({ minLength: 1, maxLength: 40, unit: "grapheme" })
    .filter((text) => !text.startsWith("."));
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(encoded(a) === encoded(b)).toBe(a === b);
      expect(encoded(a)).not.toMatch(/[/\\]/);
    }),
  );
});

it.each(["", ".", "..", ".hoodie", DEFAULT_PARTITION, "x".repeat(256)])(
  "refuses the partition value %j",
  (value) => {
    expect(() => encoded(value)).toThrow(expect.objectContaining({ code: "HUDI_PARTITION_VALUE" }));
  },
);

it("refuses what would need encoding in a table without it", () => {
  expect(() => partitionPath("a/b", { encode: false })).toThrow(
    expect.objectContaining({ code: "HUDI_PARTITION_VALUE" }),
  );
  expect(partitionPath("a b", { encode: false })).toBe("a b");
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
