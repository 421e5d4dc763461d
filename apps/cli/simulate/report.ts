import type { EmissionCounts } from "./emission.ts";
import type { MeterExpectation } from "./fleet.ts";
import { count } from "./progress.ts";
import type { SenderCounts } from "./sender.ts";

/** What a run has done, and what the platform has to hold of each meter after it. */
export interface SimulateReport {
  /** Distinct (device, ts); each counts once from DWD on. */
  readings: number;
  /** Lines sent, doubled ones included. */
  lines: number;
  late: number;
  repeated: number;
  corrected: number;
  batches: number;
  bytes: number;
  retries: number;
  lastBatch: string | null;
  elapsedMs: number;
  linesPerSecond: number;
  /** Ended by a signal before the series was over; what was made until then has been sent. */
  interrupted: boolean;
  meters: MeterExpectation[];
}

export function reportOf(parts: {
  emission: EmissionCounts;
  sender: SenderCounts;
  meters: MeterExpectation[];
  elapsedMs: number;
  interrupted: boolean;
}): SimulateReport {
  const { emission, sender, meters, elapsedMs, interrupted } = parts;
  return {
    ...emission,
    ...sender,
    elapsedMs: Math.round(elapsedMs),
    linesPerSecond: Math.round((sender.lines / elapsedMs) * 1_000),
    interrupted,
    meters,
  };
}

/** The report for a person: the totals, and the energy that the first and last registers enclose. */
export function summaryOf(report: SimulateReport): string {
  const energyWh = report.meters.reduce(
    (sum, { first, last }) => sum + (first === null || last === null ? 0 : last.energyWh - first.energyWh),
    0,
  );
  const seconds = (report.elapsedMs / 1_000).toFixed(1);
  return [
    `sent      ${count(report.lines)} lines in ${count(report.batches)} batches, ${seconds} s, ${count(report.linesPerSecond)}/s, ${count(report.retries)} retries`,
    `readings  ${count(report.readings)} of ${count(report.meters.length)} meters: ${count(report.late)} late, ${count(report.repeated)} repeated, ${count(report.corrected)} corrected`,
    `energy    ${count(energyWh)} Wh between the first and the last registers`,
    "",
  ].join("\n");
}
