import { open } from "node:fs/promises";
import { hasCode, KIB } from "@gridlake/kernel";

/** So much of a file's end is looked at, at most. */
const TAIL_BYTES = 256 * KIB;

/** The last lines of a log, at most so many; none when it is not there. */
export async function lastLines(file: string, lines: number): Promise<string[]> {
  const handle = await open(file, "r").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  });
  if (handle === null) return [];
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const text = buffer.toString("utf8").replace(/\n$/, "");
    const all = text === "" ? [] : text.split("\n");
    // the first of a cut text is half a line
    return (length < size ? all.slice(1) : all).slice(-lines);
  } finally {
    await handle.close();
  }
}
