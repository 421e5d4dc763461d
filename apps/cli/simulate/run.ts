import { writeFile } from "node:fs/promises";
import { openAccess } from "./access.ts";
import { Generator } from "./generator.ts";
import { planRun, type RunPlan, type SimulateOptions } from "./options.ts";
import { Pace } from "./pace.ts";
import { Progress } from "./progress.ts";
import { register } from "./registration.ts";
import { reportOf, type SimulateReport, summaryOf } from "./report.ts";
import { Sender } from "./sender.ts";
import { readSeries } from "./series/file.ts";

/** The platform that a run sends to, and whom it tells how it goes. */
export interface SimulateTarget {
  /** @default "http://127.0.0.1:8080" */
  url?: string;
  /** Of an account that may import registers and make device tokens; without it, `adminPassword` logs in. */
  token?: string;
  adminPassword?: string;
  /** @default nobody is told */
  print?: (text: string) => void;
  /** Ends the run early, after what was made has been sent. */
  signal?: AbortSignal;
}

/**
 * Plays a load series as N meters: registers them, then sends their readings at the wanted speed until the series ends.
 * @returns what the platform must hold afterwards
 * @throws SIMULATE_OPTION_INVALID, SIMULATE_SERIES_INVALID, SIMULATE_ACCESS_REFUSED, SIMULATE_REFUSED,
 *   SIMULATE_GAVE_UP
 */
export async function simulate(
  options: SimulateOptions,
  target: SimulateTarget = {},
): Promise<SimulateReport> {
  const plan = planRun(options);
  const print = target.print ?? (() => {});
  const access = await openAccess({ ...target, print });
  const generator = new Generator(plan);
  await register(access, generator.fleet, print);
  const sender = new Sender({
    url: access.url,
    token: access.deviceToken,
    maxInFlight: plan.maxInFlight,
    signal: afterGrace(target.signal),
  });
  let report: SimulateReport;
  try {
    report = await play(options, { plan, generator, sender, print, signal: target.signal });
  } finally {
    await access.close();
  }
  if (options.report !== undefined) await writeFile(options.report, `${JSON.stringify(report, null, 1)}\n`);
  print(summaryOf(report));
  return report;
}

/** What has been made may still go out for this long after the end is asked for. */
const GRACE_MS = 5_000;

function afterGrace(signal: AbortSignal | undefined): AbortSignal {
  const cut = new AbortController();
  signal?.addEventListener("abort", () => setTimeout(() => cut.abort(), GRACE_MS).unref(), { once: true });
  return cut.signal;
}

async function play(
  options: SimulateOptions,
  parts: {
    plan: RunPlan;
    generator: Generator;
    sender: Sender;
    print: (text: string) => void;
    signal: AbortSignal | undefined;
  },
): Promise<SimulateReport> {
  const { plan, generator, sender, signal } = parts;
  const pace = new Pace({ ...plan, ...(signal === undefined ? {} : { signal }) });
  const outbox = new Outbox(sender, plan.batch);
  let ts = "";
  const progress = new Progress(parts.print, () => ({
    ts,
    sent: sender.counts.lines,
    inFlight: sender.inFlight,
    retries: sender.counts.retries,
  }));
  let interrupted = false;
  try {
    for await (const point of readSeries({
      path: options.series,
      ...(options.format === undefined ? {} : { format: options.format }),
      ...(options.timeColumn === undefined ? {} : { timeColumn: options.timeColumn }),
      ...(options.valueColumn === undefined ? {} : { valueColumn: options.valueColumn }),
      ...(plan.fromMs === null ? {} : { fromMs: plan.fromMs }),
      ...(plan.untilMs === null ? {} : { untilMs: plan.untilMs }),
    })) {
      if (signal?.aborted) {
        interrupted = true;
        break;
      }
      const tick = generator.next(point);
      if (tick === "done") break;
      if (tick === null) continue;
      ts = tick.ts;
      await pace
        .until(tick.timeMs, outbox.taken, () => outbox.flush())
        .catch((error: unknown) => {
          // the readings of this tick are made and count: they go out below, and the run ends with the next point
          if (!signal?.aborted) throw error;
        });
      await outbox.take(tick.lines);
    }
    await outbox.take(generator.emission.rest());
    await outbox.flush();
    await sender.drain();
  } finally {
    progress.stop();
  }
  return reportOf({
    emission: generator.emission.counts,
    sender: sender.counts,
    meters: generator.fleet.expectations(),
    elapsedMs: pace.elapsedMs,
    interrupted,
  });
}

/** Gathers lines into batches of one size; the last of a flush may be smaller. */
class Outbox {
  readonly #sender: Sender;
  readonly #size: number;
  #lines: string[] = [];
  taken = 0;

  constructor(sender: Sender, size: number) {
    this.#sender = sender;
    this.#size = size;
  }

  async take(lines: readonly string[]): Promise<void> {
    this.taken += lines.length;
    for (let from = 0; from < lines.length;) {
      const to = Math.min(lines.length, from + this.#size - this.#lines.length);
      for (let at = from; at < to; at += 1) this.#lines.push(lines[at] as string);
      from = to;
      if (this.#lines.length >= this.#size) await this.flush();
    }
  }

  async flush(): Promise<void> {
    if (this.#lines.length === 0) return;
    const lines = this.#lines;
    this.#lines = [];
    await this.#sender.send(lines);
  }
}
