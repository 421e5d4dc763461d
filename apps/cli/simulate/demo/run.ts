import { setTimeout as sleep } from "node:timers/promises";
import { type Clock, HOUR_MS, MINUTE_MS, SECOND_MS, systemClock } from "@gridlake/kernel";
import { type Access, openAccess } from "../access.ts";
import { count, Progress } from "../progress.ts";
import { upload } from "../registration.ts";
import type { SimulateTarget } from "../run.ts";
import { Sender } from "../sender.ts";
import { demoGrid } from "./grid.ts";
import { outageRows } from "./outages.ts";

const BATCH = 1_000;
export interface DemoOptions {
  /** At most 1,000. @default 50 */
  meters?: number;
  /** @default 5 */
  feeders?: number;
  /** How far back the demo begins, in ms. @default 24 hours */
  historyMs?: number;
  clock?: Clock;
}

/** The second of each minute at which a meter reads: spread, so that there is something new every moment. */
export function readingSecond(number: number, meters: number): number {
  return Math.floor((number * 60) / meters);
}

/**
 * Shows the platform at work: the last hours at once, then each meter's reading of every minute as time goes by, until
 * `target.signal` ends it.
 */
export async function runDemo(options: DemoOptions = {}, target: SimulateTarget = {}): Promise<void> {
  const clock = options.clock ?? systemClock;
  const print = target.print ?? (() => {});
  const { sources, outages, registers } = demoGrid({
    meters: options.meters ?? 50,
    feeders: options.feeders ?? 5,
  });
  const access = await openAccess({ ...target, print });
  for (const [topic, rows] of registers) await upload(access, topic, rows);
  let told = outageRows(outages, clock.nowMs());
  await upload(access, "outages", told);
  print(`registered ${count(sources.length)} devices\n`);
  const { signal } = target;
  const sender = new Sender({
    url: access.url,
    token: access.deviceToken,
    ...(signal === undefined ? {} : { signal }),
  });
  let at = Math.ceil((clock.nowMs() - (options.historyMs ?? 24 * HOUR_MS)) / MINUTE_MS) * MINUTE_MS;
  const progress = new Progress(print, () => ({
    ts: new Date(at).toISOString(),
    sent: sender.counts.lines,
    inFlight: sender.inFlight,
    retries: sender.counts.retries,
  }));
  try {
    for (let lines: string[] = []; ; at += SECOND_MS) {
      const second = (at % MINUTE_MS) / SECOND_MS;
      for (const [number, source] of sources.entries()) {
        const isDue = readingSecond(number, sources.length) === second;
        if (isDue && !source.isOut(at)) lines.push(source.read(at));
      }
      const aheadMs = at + SECOND_MS - clock.nowMs();
      if (lines.length >= BATCH || (aheadMs > 0 && lines.length > 0)) {
        await sender.send(lines);
        lines = [];
      }
      if (aheadMs > 0) await sleep(aheadMs, undefined, { signal });
      if (aheadMs > 0 && second === 0) told = await tellOutages(access, told, outageRows(outages, at));
      signal?.throwIfAborted();
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
    // whatever was on its way is made again, the same, by the next start
    print(`the demo ends after ${count(sender.counts.lines)} readings\n`);
  } finally {
    progress.stop();
    await access.close();
  }
}

/** Tells of outages that have begun or ended since. */
async function tellOutages(access: Access, told: readonly string[], rows: string[]): Promise<string[]> {
  const [header = "", ...entries] = rows;
  const news = entries.filter((row) => !told.includes(row));
  if (news.length > 0) await upload(access, "outages", [header, ...news]);
  return rows;
}
