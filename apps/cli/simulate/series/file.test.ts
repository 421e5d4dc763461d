import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { computeProfile } from "../profile-recipe.ts";
import { readSeries, type SeriesFile } from "./file.ts";
import { parseTimeMs } from "./point.ts";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "series-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, text: string | Buffer): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

async function points(options: SeriesFile): Promise<[string, number][]> {
  const read: [string, number][] = [];
  for await (const { timeMs, powerDw } of readSeries(options))
    read.push([new Date(timeMs).toISOString(), powerDw]);
  return read;
}

const CSV =
  "meter,time,watts\nH,2013-10-01 00:00:00,154.6\nH,2013-10-01 00:01:00,\nH,2013-10-01T00:02:00+01:00,0\n";

describe("a series file", () => {
  test("is read by its columns, gzipped or not; rows without a value are gaps", async () => {
    const sorted = CSV.replace("00:02:00+01:00", "02:02:00+01:00");
    const wanted = [
      ["2013-10-01T00:00:00.000Z", 1546],
      ["2013-10-01T01:02:00.000Z", 0],
    ];
    expect(await points({ path: file("a.csv", sorted) })).toEqual(wanted);
    expect(await points({ path: file("a.csv.gz", gzipSync(sorted)) })).toEqual(wanted);
    const renamed = sorted.replace("time,watts", "at,p");
    expect(await points({ path: file("b.csv", renamed), timeColumn: "at", valueColumn: "p" })).toEqual(
      wanted,
    );
  });

  test("of the UCI household format gives kW as tenths of a watt and passes over question marks", async () => {
    const uci =
      "Date;Time;Global_active_power;Global_reactive_power;Voltage\n16/12/2006;17:24:00;4.216;0.418;234.840\n16/12/2006;17:25:00;?;?;?\n6/1/2007;17:26:00;0.0005;0.4;230\n";
    expect(await points({ path: file("uci.txt", uci), format: "uci" })).toEqual([
      ["2006-12-16T17:24:00.000Z", 42_160],
      ["2007-01-06T17:26:00.000Z", 5],
    ]);
  });

  test("is read from a point up to another, without the rest", async () => {
    const rows = Array.from({ length: 100 }, (_, index) => `${1_400_000_000 + index * 60},${index}`);
    const path = file("c.csv", `time,watts\n${rows.join("\n")}\nnonsense,1\n`);
    const fromMs = (1_400_000_000 + 600) * 1000;
    const part = await points({ path, fromMs, untilMs: fromMs + 120_000 });
    expect(part.map(([, power]) => power)).toEqual([100, 110]);
  });

  test.each([
    ["no such column", "a,b\n1,2\n", "SIMULATE_SERIES_INVALID"],
    ["a wrong time", "time,watts\nnever,2\n", "SIMULATE_SERIES_INVALID"],
    ["rows out of order", CSV, "SIMULATE_SERIES_INVALID"],
    ["no gzip", "time,watts\n", "SIMULATE_SERIES_UNREADABLE"],
  ])("is refused: %s", async (what, text, code) => {
    const path = file(what === "no gzip" ? "d.gz" : "d.csv", text);
    await expect(points({ path })).rejects.toMatchObject({ code });
  });

  test("that is not there is said to be so", async () => {
    await expect(points({ path: join(dir, "none.csv") })).rejects.toMatchObject({
      code: "SIMULATE_SERIES_UNREADABLE",
    });
  });
});

test.each([
  ["2013-10-01 00:00:00", "2013-10-01T00:00:00.000Z"],
  ["2013-10-01T00:00:00+02:00", "2013-09-30T22:00:00.000Z"],
  ["1380585600", "2013-10-01T00:00:00.000Z"],
  ["2013-13-01 00:00:00", null],
  ["1", null],
])("the time %s is %s", (text, instant) => {
  const timeMs = parseTimeMs(text);
  expect(timeMs === null ? null : new Date(timeMs).toISOString()).toBe(instant);
});

test("the profile's recipe gives mean and deviation by half hour and kind of day", async () => {
  // Tuesday 2013-10-01 00:00–00:29 alternates 100 and 300 W, Saturday 2013-10-05 00:30 is 50 W
  const tuesday = Array.from(
    { length: 30 },
    (_, m) => `2013-10-01 00:${String(m).padStart(2, "0")}:00,${m % 2 ? 300 : 100}`,
  );
  const path = file("p.csv", `time,watts\n${tuesday.join("\n")}\n2013-10-05 00:30:00,50\n`);
  const { points: read, weekday, weekend } = await computeProfile(path);
  expect([read, weekday.meanW[0], weekday.deviationW[0], weekend.meanW[1], weekend.deviationW[1]]).toEqual([
    31, 200, 100, 50, 0,
  ]);
});
