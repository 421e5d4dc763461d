import { GridlakeError } from "@gridlake/kernel";

/**
 * Turns a JSON array (or one JSON object) into NDJSON in place, without parsing it: a byte machine follows strings,
 * escapes and brackets, and overwrites the commas of the outer array with line feeds.
 *
 * Laws: the bytes of an element change only where a line feed stands between its tokens (it becomes a space), so
 * an element is one line and means what it meant; what is wrong inside an element stays wrong and is judged as a
 * line. Only what makes the cut itself doubtful (brackets, a bare line feed in a string, an empty element)
 * refuses the whole body.
 */

/** Deepest nesting inside one element; a reading is flat. */
export const MAX_NESTING = 64;

const LF = 0x0a;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * @returns a view of `body`, one line an element; empty for `[]`.
 * @throws INGEST_ARRAY_MALFORMED, INGEST_NESTING_TOO_DEEP
 */
export function toJsonLines(body: Buffer): Buffer {
  const start = skipSpace(body, 0);
  if (body[start] === OPEN_BRACKET) return splitArray(body, start);
  if (body[start] === OPEN_BRACE) {
    const end = skipElement(body, start);
    refuseTrailing(body, end);
    return body.subarray(start, end);
  }
  throw malformed("it begins with neither [ nor {", start);
}

function splitArray(body: Buffer, open: number): Buffer {
  const first = skipSpace(body, open + 1);
  let at = first;
  if (body[at] === CLOSE_BRACKET) {
    refuseTrailing(body, at + 1);
    return body.subarray(at, at);
  }
  for (;;) {
    const start = at;
    at = skipElement(body, start);
    if (isBlank(body, start, at)) throw malformed("an element is empty", at);
    const byte = body[at];
    if (byte === CLOSE_BRACKET) {
      refuseTrailing(body, at + 1);
      return body.subarray(first, at);
    }
    if (byte !== COMMA) throw malformed("the array is not closed", at);
    body[at] = LF;
    at += 1;
  }
}

/** The end of one element: past its closing bracket and what follows, at `,` or `]` of the level above or the end. */
function skipElement(body: Buffer, start: number): number {
  // one closing byte a level
  const closers = new Uint8Array(MAX_NESTING);
  let depth = 0;
  let at = start;
  while (at < body.length) {
    const byte = body[at] as number;
    if (byte === QUOTE) {
      at = skipString(body, at);
      continue;
    }
    if (byte === LF) body[at] = SPACE;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth === MAX_NESTING) throw tooDeep(at);
      closers[depth] = byte === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
      depth += 1;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth === 0 && byte === CLOSE_BRACKET) return at;
      if (depth === 0 || closers[depth - 1] !== byte) throw malformed("brackets do not match", at);
      depth -= 1;
    } else if (byte === COMMA && depth === 0) return at;
    at += 1;
  }
  if (depth > 0) throw malformed("brackets are not closed", at);
  return at;
}

function skipString(body: Buffer, start: number): number {
  let at = start + 1;
  while (at < body.length) {
    const byte = body[at];
    if (byte === QUOTE) return at + 1;
    if (byte === LF) throw malformed("a string holds a bare line feed", at);
    // an escaped line feed is no escape, and must not slip through as one
    at += byte === BACKSLASH && body[at + 1] !== LF ? 2 : 1;
  }
  throw malformed("a string is not closed", body.length);
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === LF || byte === 0x0d || byte === 0x09;
}

function skipSpace(body: Buffer, from: number): number {
  let at = from;
  while (isSpace(body[at])) at += 1;
  return at;
}

function isBlank(body: Buffer, start: number, end: number): boolean {
  return skipSpace(body, start) >= end;
}

function refuseTrailing(body: Buffer, from: number): void {
  const at = skipSpace(body, from);
  if (at < body.length) throw malformed("something follows its end", at);
}

function malformed(what: string, at: number): GridlakeError {
  return new GridlakeError(
    "INGEST_ARRAY_MALFORMED",
    `the JSON body cannot be cut into readings: ${what} at byte ${at}`,
    {
      remedy: "send one JSON array of readings, one reading, or application/x-ndjson",
      details: { byte: at },
      status: 400,
    },
  );
}

function tooDeep(at: number): GridlakeError {
  return new GridlakeError(
    "INGEST_NESTING_TOO_DEEP",
    `a reading is nested deeper than ${MAX_NESTING} levels at byte ${at}`,
    {
      remedy: "a reading is a flat JSON object",
      details: { byte: at, maxNesting: MAX_NESTING },
      status: 400,
    },
  );
}
