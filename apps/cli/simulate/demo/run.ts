import { setTimeout as sleep } from "node:timers/promises";
import { type Clock, HOUR_MS, MINUTE_MS, SECOND_MS, systemClock } from "@gridlake/kernel";
import { openAccess } from "../access.ts";
import { count, Progress } from "../progress.ts";
import { register } from "../registration.ts";
import type { SimulateTarget } from "../run.ts";
import { Sender } from "../sender.ts";
import { DemoMeter } from "./meter.ts";

const BATCH = 1_000;
/** The meters' week of load is kept in memory: 160 KiB each. */
const MAX_DEMO_METERS = 1_000;

export interface DemoOptions {
  /** At most 1,000. @default 50 */
  meters?: number;
  /** @default 5 */
  feeders?: number;
  /** How far back the demo begins, in ms. @default 24 hours */
  historyMs?: number;
  clock?: Clock;
}

/** The meters of the demo; the same for the same numbers. */
export function demoMeters({ meters, feeders }: { meters: number; feeders: number }): DemoMeter[] {
  return Array.from({ length: Math.min(meters, MAX_DEMO_METERS) }, (_, number) => {
    const device = `D${String(number + 1).padStart(4, "0")}`;
    return new DemoMeter({ number, device, feeder: `F${1 + (number % feeders)}` });
  });
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
  const feeders = options.feeders ?? 5;
  const meters = demoMeters({ meters: options.meters ?? 50, feeders });
  const access = await openAccess({ ...target, print });
  const names = [...new Set(meters.map(({ feeder }) => feeder))];
  await register(
    access,
    {
      size: meters.length,
      feeders: names,
      device: (number) => meters[number]?.device ?? "",
      feederOf: (number) => meters[number]?.feeder ?? "",
    },
    print,
  );
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
      for (const [number, meter] of meters.entries()) {
        if (readingSecond(number, meters.length) === second) lines.push(meter.read(at));
      }
      const aheadMs = at + SECOND_MS - clock.nowMs();
      if (lines.length >= BATCH || (aheadMs > 0 && lines.length > 0)) {
        await sender.send(lines);
        lines = [];
      }
      if (aheadMs > 0) await sleep(aheadMs, undefined, { signal });
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
