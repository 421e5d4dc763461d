import { CODEC, type ColumnChunk, ENCODING, placeChunk, textChunk } from "./file-metadata.ts";
import { allPresent, encodePage, run } from "./page.ts";
import { SnappyWriter } from "./snappy-writer.ts";

/** A chunk with its pages, which may be laid down anywhere. */
export interface MadeChunk {
  chunk: ColumnChunk;
  dictionaryPage: Buffer | null;
  /** The data pages, as they lie in the file. */
  dataPages: Buffer;
  /** What the pages are uncompressed, with their headers. */
  bytes: number;
}

/** Lays a chunk's pages down from `offset` on. */
export function placeMadeChunk({ chunk, dictionaryPage, dataPages, bytes }: MadeChunk, offset: number): void {
  const dictionaryBytes = dictionaryPage?.length ?? 0;
  placeChunk(chunk, {
    dictionaryPage: dictionaryPage === null ? null : offset,
    dataPage: offset + dictionaryBytes,
    bytes,
    storedBytes: dictionaryBytes + dataPages.length,
  });
}

/** The same text in every row: a dictionary of one, and one run. */
export function constantChunk(name: string, { text, rows }: { text: string; rows: number }): MadeChunk {
  const value = Buffer.from(text);
  const dictionary = plainText(value);
  // one bit a value; a reader may take none for an empty page
  const data = Buffer.concat([allPresent(rows), Buffer.of(1), run(rows, 0)]);
  const encoding = ENCODING.plainDictionary;
  const page = (isDictionary: boolean, values: number, stored: Buffer) =>
    encodePage({ isDictionary, values, encoding, bytes: stored.length, stored });
  const [dictionaryPage, dataPages] = [page(true, 1, dictionary), page(false, rows, data)];
  return {
    chunk: textChunk(name, {
      rows,
      codec: CODEC.none,
      encodings: [encoding, ENCODING.rle],
      min: value,
      max: value,
    }),
    dictionaryPage,
    dataPages,
    bytes: dictionaryPage.length + dataPages.length,
  };
}

/**
 * `prefix` and a number that counts up from `first`, in every row. Such texts compress well and slowly; here their
 * compressed form is written at once: each is its predecessor but for the digits that change.
 */
export function counterChunk(
  name: string,
  { prefix, first, rows }: { prefix: string; first: number; rows: number },
): MadeChunk {
  const head = Buffer.from(prefix);
  const levels = allPresent(rows);
  const last = first + rows - 1;
  const bytes = levels.length + rows * (4 + head.length) + digitsFromTo(first, last);
  const writer = new SnappyWriter(bytes);
  writer.literal(levels);
  for (let from = first; from <= last;) {
    const digits = Buffer.from(String(from));
    const to = Math.min(last, 10 ** digits.length - 1);
    writer.literal(plainText(Buffer.concat([head, digits])));
    writer.countUp({ digits, times: to - from, bytes: 4 + head.length + digits.length });
    from = to + 1;
  }
  const stored = writer.finish();
  const dataPages = encodePage({
    isDictionary: false,
    values: rows,
    encoding: ENCODING.plain,
    bytes,
    stored,
  });
  const bounds = counterBounds(first, last).map((digits) => Buffer.concat([head, Buffer.from(digits)]));
  return {
    chunk: textChunk(name, {
      rows,
      codec: CODEC.snappy,
      encodings: [ENCODING.plain, ENCODING.rle],
      min: bounds[0] ?? head,
      max: bounds[1] ?? head,
    }),
    dictionaryPage: null,
    dataPages,
    bytes: dataPages.length - stored.length + bytes,
  };
}

function plainText(text: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text]);
}

/** How many digits the numbers from `first` to `last` have together. */
function digitsFromTo(first: number, last: number): number {
  let total = 0;
  for (let from = first; from <= last;) {
    const length = String(from).length;
    const to = Math.min(last, 10 ** length - 1);
    total += (to - from + 1) * length;
    from = to + 1;
  }
  return total;
}

/** Of the numbers from `first` to `last` the least and the greatest as texts: the ends of a length are the only candidates. */
function counterBounds(first: number, last: number): [string, string] {
  const ends: string[] = [String(first), String(last)];
  for (let length = String(first).length; length <= String(last).length; length += 1) {
    // 0 has one digit too
    const least = length === 1 ? 0 : 10 ** (length - 1);
    ends.push(String(Math.max(first, least)), String(Math.min(last, 10 ** length - 1)));
  }
  ends.sort();
  return [ends[0] ?? "", ends.at(-1) ?? ""];
}
