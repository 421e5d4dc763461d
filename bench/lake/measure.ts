import { resourceUsage } from "node:process";

const MIB = 1_048_576;
const KIB = 1_024;

/** Of one run: wall time, and CPU time of this process with all its threads, both in seconds. */
export interface Run {
  wall: number;
  cpu: number;
}

export async function timed(work: () => Promise<unknown>): Promise<Run> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const wall = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1_000_000 };
}

/** The medians of wall and CPU time. */
export function median(runs: readonly Run[]): Run {
  return { wall: middle(runs.map(({ wall }) => wall)), cpu: middle(runs.map(({ cpu }) => cpu)) };
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** The most memory that this process has held, in MiB. */
export function peakMib(): number {
  return Math.round((resourceUsage().maxRSS * KIB) / MIB);
}
