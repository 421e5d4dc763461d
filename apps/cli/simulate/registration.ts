import type { Access } from "./access.ts";
import { count } from "./progress.ts";

const ROWS_A_FILE = 50_000;
const WAIT_MS = 30_000;

/** Who has to be on the registers: the devices, each with its feeder. */
export interface Registrants {
  size: number;
  feeders: readonly string[];
  device(meter: number): string;
  feederOf(meter: number): string;
}

/** Puts feeders and devices on the registers, and waits until the pipeline knows them. */
export async function register(
  access: Access,
  who: Registrants,
  print: (text: string) => void,
): Promise<void> {
  const feeders = who.feeders.map((feeder, index) => `${feeder},Feeder ${index + 1},S${1 + (index % 3)},R1`);
  await upload(access, "feeders", ["feeder,name,station,region", ...feeders]);
  for (let from = 0; from < who.size; from += ROWS_A_FILE) {
    const rows = ["device,feeder,rated_voltage_v"];
    for (let meter = from; meter < Math.min(who.size, from + ROWS_A_FILE); meter += 1) {
      rows.push(`${who.device(meter)},${who.feederOf(meter)},230`);
    }
    await upload(access, "devices", rows);
  }
  print(`registered ${count(who.size)} devices on ${count(who.feeders.length)} feeders\n`);
}

/** Imports a CSV file, header and rows, into a register, and waits until the pipeline knows them. */
export async function upload(access: Access, topic: string, rows: readonly string[]): Promise<void> {
  const path = `/api/telemetry/${topic}/import?wait=${WAIT_MS}`;
  await access.call("POST", path, { type: "text/csv", text: rows.join("\n") });
}
