/**
 * The top-level members of one JSON object as they are written, so that a number keeps every digit
 * (`9007199254740993`, `1e3`) and a doubled key can be told: the first holds, as in the pipeline's decoder.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;

/**
 * Writes the source text of each wanted member to `out` at the index that `wanted` gives it; the others are
 * left `undefined`. `text` must already be known to be one valid JSON object.
 */
export function firstMembers(
  text: string,
  wanted: ReadonlyMap<string, number>,
  out: (string | undefined)[],
): void {
  out.fill(undefined);
  let at = skipSpace(text, text.indexOf("{") + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const keyEnd = skipString(text, at);
    const index = wanted.get(keyOf(text, at, keyEnd));
    // the colon is the next thing that is not space
    const valueStart = skipSpace(text, text.indexOf(":", keyEnd) + 1);
    const valueEnd = skipValue(text, valueStart);
    if (index !== undefined && out[index] === undefined) out[index] = text.slice(valueStart, valueEnd);
    at = skipSpace(text, valueEnd);
    if (text.charCodeAt(at) !== COMMA) return;
    at = skipSpace(text, at + 1);
  }
}

function keyOf(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  return inner.includes("\\") ? (JSON.parse(text.slice(start, end)) as string) : inner;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x09 && code !== 0x0d && code !== 0x0a) return at;
    at += 1;
  }
}

function skipString(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    at += code === BACKSLASH ? 2 : 1;
  }
}

function skipValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return skipString(text, start);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipNested(text, start);
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === CLOSE_BRACE || code <= 0x20) return at;
    at += 1;
  }
}

function skipNested(text: string, start: number): number {
  let depth = 0;
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = skipString(text, at);
      continue;
    }
    at += 1;
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
}

/**
 * Whether every `\u` escape of a valid JSON text makes whole characters. RFC 8259 §8.2 lets a lone surrogate
 * pass, but no UTF-8 text can hold one, so the platform calls such a line malformed.
 */
export function escapesAreUnicode(text: string): boolean {
  for (let at = text.indexOf("\\"); at !== -1; at = text.indexOf("\\", at)) {
    if (text.charCodeAt(at + 1) !== 0x75) {
      at += 2;
      continue;
    }
    const unit = Number.parseInt(text.slice(at + 2, at + 6), 16);
    at += 6;
    if (unit < 0xd800 || unit > 0xdfff) continue;
    if (unit >= 0xdc00 || text.slice(at, at + 2) !== "\\u") return false;
    const low = Number.parseInt(text.slice(at + 2, at + 6), 16);
    if (low < 0xdc00 || low > 0xdfff) return false;
    at += 6;
  }
  return true;
}
