const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;

/**
 * Lines that hold something, of all that LF separates; lines of only spaces, tabs and CR do not count.
 * Native `indexOf` finds the ends, so that the cost follows the lines and not the bytes.
 */
export function countLines(body: Buffer): number {
  let count = 0;
  for (let start = 0; start < body.length;) {
    const found = body.indexOf(LF, start);
    const end = found === -1 ? body.length : found;
    if (!isBlank(body, start, end)) count += 1;
    start = end + 1;
  }
  return count;
}

function isBlank(body: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = body[at];
    if (byte !== SPACE && byte !== TAB && byte !== CR) return false;
  }
  return true;
}

/** Whether a line is skipped: nothing but spaces, tabs and CR. */
export function isBlankLine(line: string): boolean {
  return /^[ \t\r]*$/.test(line);
}
