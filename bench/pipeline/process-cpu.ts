import { readFile } from "node:fs/promises";

/** Linux counts in hundredths of a second, whatever the kernel's own clock. */
const TICK_MS = 10;

/** CPU that processes have used since they began, the kernel's for them included. */
export async function cpuMsOf(pids: readonly number[]): Promise<number> {
  const used = await Promise.all(pids.map(cpuMs));
  return used.reduce((sum, ms) => sum + ms, 0);
}

async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // the program's name, in brackets, may hold blanks; utime and stime are the 14th and 15th fields
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
