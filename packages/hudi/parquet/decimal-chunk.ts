import { assert } from "@gridlake/kernel";
import { decimalBytes } from "../schema/avro-type.ts";
import {
  codecOf,
  type ColumnChunk,
  dropParquetBloom,
  ENCODING,
  PHYSICAL,
  setBounds,
  setPhysicalType,
} from "./file-metadata.ts";
import { fieldOf, setField } from "./footer.ts";
import type { MadeChunk } from "./made-chunk.ts";
import { compressBody, encodePage, type Page, pageBody, pagesOf, valuesAt } from "./page.ts";
import type { SchemaNode } from "./schema-tree.ts";
import { T } from "./thrift-compact.ts";

// DuckDB stores a decimal as INT32, INT64 (little endian) or 16 bytes (big endian). Spark reads these well, but when it
// rewrites such a file, in an upsert, Hudi's way over Avro takes an integer for the whole value (1.25 becomes 125.00), and
// of 16 bytes the first few, as many as the Avro type has. So decimals are given as many bytes as Avro has, big endian, in
// two's complement: what Spark itself writes. Here that costs little, for where a chunk has a dictionary, only that is
// written anew.

const ELEMENT = { type: 1, typeLength: 2, repetition: 3, convertedType: 6, precision: 8 } as const;
const CONVERTED_DECIMAL = 5n;
const [OPTIONAL, REPEATED] = [1n, 2n];

/** A column, or a part of one, that is a decimal. */
export interface DecimalLeaf {
  /** Bytes of a value as it is stored: of an integer little endian, else big endian. */
  from: number;
  isInteger: boolean;
  /** Bytes of a value in Avro's fixed type. */
  to: number;
  /** How many kinds of levels a data page has before its values: repetition, definition. */
  levels: number;
}

/** The decimals of a file by their path, and their schema changed to bytes of fixed length. */
export function fixDecimalSchema(root: SchemaNode): Map<string, DecimalLeaf> {
  const found = new Map<string, DecimalLeaf>();
  const visit = (
    node: SchemaNode,
    path: readonly string[],
    flags: { optional: boolean; repeated: boolean },
  ) => {
    for (const child of node.children) {
      const repetition = fieldOf(child.element, ELEMENT.repetition);
      const repeated = flags.repeated || repetition === REPEATED;
      const optional = flags.optional || repetition === OPTIONAL || repetition === REPEATED;
      const names = [...path, child.name];
      visit(child, names, { optional, repeated });
      if (fieldOf(child.element, ELEMENT.convertedType) !== CONVERTED_DECIMAL) continue;
      const leaf = { ...fixElement(child), levels: Number(optional) + Number(repeated) };
      if (leaf.isInteger || leaf.from !== leaf.to) found.set(pathKey(names), leaf);
    }
  };
  visit(root, [], { optional: false, repeated: false });
  return found;
}

export function pathKey(path: readonly string[]): string {
  return path.join("\0");
}

function fixElement({ element }: SchemaNode): Omit<DecimalLeaf, "levels"> {
  const type = Number(fieldOf(element, ELEMENT.type) as bigint);
  const fixed = Number((fieldOf(element, ELEMENT.typeLength) ?? 0n) as bigint);
  const from = type === PHYSICAL.int32 ? 4 : type === PHYSICAL.int64 ? 8 : fixed;
  const to = decimalBytes(Number(fieldOf(element, ELEMENT.precision) as bigint));
  assert(to <= from, `a decimal of ${to} bytes is stored in ${from}`);
  setField(element, { id: ELEMENT.type, type: T.I32, value: BigInt(PHYSICAL.fixedBytes) });
  setField(element, { id: ELEMENT.typeLength, type: T.I32, value: BigInt(to) });
  return { from, to, isInteger: type !== PHYSICAL.fixedBytes };
}

/** A chunk of decimals with its values as bytes of fixed length. */
export function fixDecimalChunk(chunk: ColumnChunk, pages: Buffer, leaf: DecimalLeaf): MadeChunk {
  const codec = codecOf(chunk);
  const dataPages: Buffer[] = [];
  let dictionaryPage: Buffer | null = null;
  let bytes = 0;
  for (const page of pagesOf(pages)) {
    const fixed = isPlain(page) ? fixPage(page, codec, leaf) : { whole: page.whole, grownBytes: 0 };
    bytes += page.whole.length - page.stored.length + page.bytes + fixed.grownBytes;
    if (page.isDictionary) dictionaryPage = fixed.whole;
    else dataPages.push(fixed.whole);
  }
  // hashes of the integers: nobody who looks for bytes would find them
  dropParquetBloom(chunk);
  setPhysicalType(chunk, PHYSICAL.fixedBytes);
  setBounds(chunk, (bound) => fixValues(bound, leaf));
  return { chunk, dictionaryPage, dataPages: Buffer.concat(dataPages), bytes };
}

function isPlain({ isDictionary, encoding }: Page): boolean {
  if (isDictionary || encoding === ENCODING.plain) return true;
  assert(
    encoding === ENCODING.plainDictionary || encoding === ENCODING.rleDictionary,
    `decimals in the encoding ${encoding}`,
  );
  return false;
}

function fixPage(page: Page, codec: number, leaf: DecimalLeaf): { whole: Buffer; grownBytes: number } {
  const body = pageBody(page, codec);
  const at = page.isDictionary ? 0 : valuesAt(body, leaf.levels);
  const fixed = Buffer.concat([body.subarray(0, at), fixValues(body.subarray(at), leaf)]);
  const { isDictionary, values, encoding } = page;
  const whole = encodePage({
    isDictionary,
    values,
    encoding,
    bytes: fixed.length,
    stored: compressBody(fixed, codec),
  });
  return { whole, grownBytes: fixed.length - body.length };
}

/** Values one after another, each with its low bytes, the highest first. */
function fixValues(values: Buffer, { from, to, isInteger }: DecimalLeaf): Buffer {
  const count = values.length / from;
  const fixed = Buffer.allocUnsafe(count * to);
  // integers are little endian, so their bytes go backwards; of others the last ones stay
  const [step, first] = isInteger ? [-1, to - 1] : [1, from - to];
  for (let i = 0, at = 0; i < count; i += 1) {
    let source = i * from + first;
    for (let end = at + to; at < end; at += 1, source += step) fixed[at] = values[source] ?? 0;
  }
  return fixed;
}
