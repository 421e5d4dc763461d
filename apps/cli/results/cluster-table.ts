import type { EngineStatus } from "@gridlake/cluster";
import { MIB } from "@gridlake/kernel";
import Table from "cli-table3";

/** For people: one line a process, and below it where each engine that runs is found. */
export function clusterTable(statuses: readonly EngineStatus[]): string {
  const table = new Table({
    head: ["engine", "process", "state", "pid", "MiB"],
    colAligns: ["left", "left", "left", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const { engine, state, processes } of statuses) {
    if (processes.length === 0) table.push([engine, "", state, "", ""]);
    for (const { name, state: own, missing, pid, residentBytes } of processes) {
      const bytes = residentBytes === null ? "" : String(Math.round(residentBytes / MIB));
      table.push([engine, name, missing === null ? own : `${own}: ${missing}`, pid ?? "", bytes]);
    }
  }
  const found = statuses.flatMap(({ engine, endpoints }) =>
    Object.entries(endpoints ?? {}).map(([purpose, address]) => `${engine} ${purpose}: ${address}\n`),
  );
  return `${table.toString()}\n${found.join("")}`;
}
