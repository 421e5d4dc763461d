// One turn of a bench: what a receiver acknowledges in some seconds, and what it spends until the work behind is done too.
import { readFileSync } from "node:fs";
import { load, requestOf, type Target } from "./client.ts";
import { bodies, DEVICES, type Reading, readings } from "./readings.ts";

const CLOCK_TICKS_PER_SECOND = 100;

/** Something that takes readings in over HTTP, as a process of its own. */
export interface Receiver {
  target: Target;
  pid: number;
  line: (reading: Reading) => string;
  /** Resolves when nothing that was acknowledged is left to be worked off. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** What is sent, and how. */
export interface Shape {
  name: string;
  /** Readings a body. */
  size: number;
  connections: number;
  /** Readings made beforehand; the turn ends early when all are sent. */
  prepared: number;
}

export interface TurnResult {
  readingsPerSecond: number;
  /** Until the work behind was done, from the first request on. */
  settledPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers 429 and 503. */
  postponed: number;
  /** Of the receiver's process, in microseconds a reading: until the last answer, and until the work behind was done. */
  cpuMicros: number;
  settledCpuMicros: number;
}

/** A receiver, and how far its data has come: no two turns send the same readings. */
export class Turns {
  readonly receiver: Receiver;
  #minute = 0;

  constructor(receiver: Receiver) {
    this.receiver = receiver;
  }

  async run(shape: Shape, seconds: number): Promise<TurnResult> {
    const { target, pid, line, settled } = this.receiver;
    const made = readings({ count: shape.prepared, firstMinute: this.#minute });
    this.#minute += Math.ceil(shape.prepared / DEVICES);
    const requests = bodies(made, shape.size, line).map((body) => requestOf(target, body));
    let at = 0;
    const cpuBefore = processCpuMicros(pid);
    const startedAt = performance.now();
    const answers = await load(target.port, {
      connections: shape.connections,
      untilMs: startedAt + seconds * 1_000,
      next: () => requests[at++],
    });
    const seconds1 = (performance.now() - startedAt) / 1_000;
    const cpuAnswered = processCpuMicros(pid);
    await settled();
    const seconds2 = (performance.now() - startedAt) / 1_000;
    const cpuSettled = processCpuMicros(pid);
    const taken = answers.acknowledged * shape.size;
    const latencies = answers.latenciesMs.toSorted((a, b) => a - b);
    const quantile = (q: number) => latencies[Math.floor((latencies.length - 1) * q)] ?? Number.NaN;
    return {
      readingsPerSecond: taken / seconds1,
      settledPerSecond: taken / seconds2,
      p50Ms: quantile(0.5),
      p99Ms: quantile(0.99),
      postponed: answers.postponed,
      cpuMicros: (cpuAnswered - cpuBefore) / taken,
      settledCpuMicros: (cpuSettled - cpuBefore) / taken,
    };
  }
}

/** The middle one of each figure. */
export function medians(results: readonly TurnResult[]): TurnResult {
  const middle = (key: keyof TurnResult) =>
    results.map((result) => result[key]).toSorted((a, b) => a - b)[Math.floor(results.length / 2)] as number;
  return {
    readingsPerSecond: middle("readingsPerSecond"),
    settledPerSecond: middle("settledPerSecond"),
    p50Ms: middle("p50Ms"),
    p99Ms: middle("p99Ms"),
    postponed: middle("postponed"),
    cpuMicros: middle("cpuMicros"),
    settledCpuMicros: middle("settledCpuMicros"),
  };
}

/** CPU that a process has used, all its threads, in microseconds; to the hundredth of a second. */
function processCpuMicros(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return ((Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND) * 1e6;
}
