import { describe, expect, it, test } from "vitest";
import { HdfsStorage } from "../storage/hdfs/storage.ts";
import { LocalStorage } from "../storage/local/storage.ts";
import { relativeToTable } from "./plan-path.ts";

const FILE = "day=2026-01-01/a b%20c_0-0-0_20260101000000000.parquet";

describe("a path of a plan", () => {
  it.each([
    `/lake/t/${FILE}`,
    `file:/lake/t/${FILE}`,
    `file:///lake/t/${FILE}`,
    `hdfs://master:9000/lake/t/${FILE}`,
    `hdfs://nameservice/lake/t/${FILE}`,
    `hdfs:/lake/t/${FILE}`,
    `s3a://bucket/lake/t/${FILE}`,
  ])("is related to its table: %s", (path) => {
    expect(relativeToTable("/lake/t", path)).toBe(FILE);
  });

  it.each([
    "/lake/other/f",
    "hdfs://master:9000/lake/t2/f",
    "hdfs://master:9000/lake/t/../other/f",
    "/lake/t",
    "/lake/t/",
    "lake/t/f",
    "",
  ])("is refused when it is not of the table: %s", (path) => {
    expect(() => relativeToTable("/lake/t", path)).toThrow(/an unfinished plan of \/lake\/t/);
  });

  test("that we write is one that we relate", () => {
    const hdfs = new HdfsStorage({
      namenodes: ["http://master:9870"],
      uri: "hdfs://master:9000",
      user: "gridlake",
      cache: { directory: "/nowhere" },
    });
    expect(hdfs.uriOf(`/lake/t/${FILE}`)).toBe(`hdfs://master:9000/lake/t/${FILE}`);
    for (const storage of [hdfs, new LocalStorage()]) {
      expect(relativeToTable("/lake/t", storage.uriOf(`/lake/t/${FILE}`))).toBe(FILE);
    }
  });
});
