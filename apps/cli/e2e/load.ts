import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { MINUTE_MS } from "@gridlake/kernel";
import { expect } from "vitest";
import type { CliProcesses } from "./cli-process.ts";

/** A file of `minutes` one-minute points of a load that wanders between 100 and 1,100 W. */
export function writeSeries(folder: string, minutes: number): string {
  const start = Date.parse("2013-10-01T00:00:00Z");
  const lines = Array.from({ length: minutes }, (_, minute) => {
    const watts = 600 + Math.round(500 * Math.sin(minute / 17));
    return `${new Date(start + minute * MINUTE_MS).toISOString()},${watts}`;
  });
  const file = join(folder, "series.csv");
  writeFileSync(file, `time,watts\n${lines.join("\n")}\n`);
  return file;
}

export async function query<T>(cli: CliProcesses, sql: string): Promise<T[]> {
  const ended = await cli.run("query", sql, "--format", "json");
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return JSON.parse(ended.stdout) as T[];
}

/** What is acknowledged is in the log; this waits until it has come through to the lake. */
export async function untilInLake(cli: CliProcesses, readings: number): Promise<void> {
  const count = () => query(cli, "SELECT count(*) AS n FROM dwd_reading");
  await expect.poll(count, { timeout: 300_000, interval: 500 }).toEqual([{ n: readings }]);
}
