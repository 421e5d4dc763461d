const NEWLINE = 0x0a;
const BLANKS = new Set([0x20, 0x09, 0x0d]);

/**
 * The lines of a body of NDJSON, without their line ends: for a log whose record is one line. Blank lines are left out, as
 * every reader of a body leaves them out. The lines are views of the body's memory.
 */
export function splitLines(body: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let from = 0; from < body.length;) {
    const found = body.indexOf(NEWLINE, from);
    const end = found === -1 ? body.length : found;
    const line = withoutReturn(body.subarray(from, end));
    if (!line.every((byte) => BLANKS.has(byte))) lines.push(line);
    from = end + 1;
  }
  return lines;
}

function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}
