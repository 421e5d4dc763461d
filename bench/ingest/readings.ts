import { MINUTE_MS } from "@gridlake/kernel";

const DEVICES = 10_000;
const START_MS = Date.UTC(2013, 9, 1);

/** One reading a line, as 10,000 devices send them, minute by minute. */
export function readingLines(count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const device = String(at % DEVICES).padStart(5, "0");
    const minute = Math.floor(at / DEVICES);
    const ts = new Date(START_MS + minute * MINUTE_MS).toISOString().replace(".000Z", "Z");
    const powerDw = 1_000 + ((at * 7_919) % 5_000);
    const currentMa = Math.round((powerDw * 1_000) / 2_300);
    return `{"device":"M${device}","ts":"${ts}","seq":${minute + 1},"energy_wh":${123_456 + at},"active_power_w":${powerDw / 10},"voltage_v":230.1,"current_a":${currentMa / 1_000}}`;
  });
}

/** The lines in bodies of `size`. */
export function bodies(lines: readonly string[], size: number): Buffer[] {
  const made: Buffer[] = [];
  for (let from = 0; from < lines.length; from += size)
    made.push(Buffer.from(lines.slice(from, from + size).join("\n")));
  return made;
}
