// Murmur 2 over many keys, in WebAssembly: a bulk load hashes each key several times, and does it here three times as fast
// as in JavaScript. The module is put together at load from the opcodes below; what it does, with `m` = 0x5bd1e995:
//
//   scan(at, end, bits, hashes, size, probe):                keys => (length:u32 bytes)*  in [at, end)
//     for each key:
//       words[i] = mix(word i of the key)                    k *= m; k ^= k >>> 24; k *= m   the same for every seed
//       tail = the 1 to 3 bytes left, sign-extended          as Java's bytes are
//       h = 0
//       repeat `hashes` times:                               each hash is the seed of the next
//         h ^= length
//         for each word: h = h * m ^ word
//         if any are left: h = (h ^ tail) * m
//         h ^= h >>> 13; h *= m; h ^= h >>> 15
//         bit = abs(h % size)
//         probe ? (next key unless bits has it) : put it into bits
//       probe ? return the key's address : next key
//     return 0

const MULTIPLIER = 0x5bd1e995;
const PAGE_BYTES = 65_536;

const MAGIC_AND_VERSION = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const I32 = 0x7f;
const VOID = 0x40;
const END = 0x0b;

/** A number as signed LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && byte < 0x40) || (rest === -1 && byte >= 0x40)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

/** A number as unsigned LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

const section = (id: number, body: number[]) => [id, ...unsigned(body.length), ...body];
const name = (text: string) => [text.length, ...Buffer.from(text)];
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const tee = (local: number) => [0x22, local];
const constant = (value: number) => [0x41, ...signed(value)];
const block = (...code: number[][]) => [0x02, VOID, ...code.flat(), END];
const loop = (...code: number[][]) => [0x03, VOID, ...code.flat(), END];
const when = (...code: number[][]) => [0x04, VOID, ...code.flat(), END];
const branch = (depth: number) => [0x0c, depth];
const branchIf = (depth: number) => [0x0d, depth];
const load = [0x28, 0, 0];
const loadSigned8 = [0x2c, 0, 0];
const loadUnsigned8 = [0x2d, 0, 0];
const store = [0x36, 0, 0];
const store8 = [0x3a, 0, 0];
const [isZero, isNotBelow] = [[0x45], [0x4f]];
const [add, subtract, multiply, remainder] = [[0x6a], [0x6b], [0x6c], [0x6f]];
const [and, or, xor, left, rightSigned, right] = [[0x71], [0x72], [0x73], [0x74], [0x75], [0x76]];
const returned = [0x0f];

const [AT, STOP, BITS, HASHES, SIZE, PROBE] = [0, 1, 2, 3, 4, 5] as const;
const [KEY, LENGTH, REST, TAIL, WORDS_END, PLACE, H, ROUND, VALUE] = [
  6, 7, 8, 9, 10, 11, 12, 13, 14,
] as const;
const LOCALS = 9;
/** The words of a key, mixed, lie at the beginning of the memory. */
const WORDS = 0;

const advance = (local: number) => [get(local), constant(4), add, set(local)].flat();
const xorShifted = (local: number, bits: number) =>
  [get(local), get(local), constant(bits), right, xor].flat();
const byteFromEnd = (back: number) => [get(AT), get(REST), add, constant(back), subtract, loadSigned8].flat();

const mixWords = [
  [...constant(WORDS), ...get(LENGTH), ...constant(-4), ...and, ...add, ...set(WORDS_END)],
  [...constant(WORDS), ...set(PLACE)],
  block(
    loop(
      [...get(PLACE), ...get(WORDS_END), ...isNotBelow, ...branchIf(1)],
      [...get(AT), ...load, ...constant(MULTIPLIER), ...multiply, ...set(VALUE)],
      [...get(PLACE), ...xorShifted(VALUE, 24), ...constant(MULTIPLIER), ...multiply, ...store],
      advance(AT),
      advance(PLACE),
      branch(0),
    ),
  ),
].flat();

const mixTail = [
  [...constant(0), ...set(TAIL)],
  [...get(LENGTH), ...constant(3), ...and, ...tee(REST)],
  when(
    [...byteFromEnd(1), ...set(TAIL)],
    [...get(REST), ...constant(2), ...isNotBelow],
    when([...byteFromEnd(2), ...constant(8), ...left, ...get(TAIL), ...xor, ...set(TAIL)]),
    [...get(REST), ...constant(3), ...isNotBelow],
    when([...byteFromEnd(3), ...constant(16), ...left, ...get(TAIL), ...xor, ...set(TAIL)]),
    [...get(AT), ...get(REST), ...add, ...set(AT)],
  ),
].flat();

const nextHash = [
  [...get(H), ...get(LENGTH), ...xor, ...set(H)],
  [...constant(WORDS), ...set(PLACE)],
  block(
    loop(
      [...get(PLACE), ...get(WORDS_END), ...isNotBelow, ...branchIf(1)],
      [...get(H), ...constant(MULTIPLIER), ...multiply, ...get(PLACE), ...load, ...xor, ...set(H)],
      advance(PLACE),
      branch(0),
    ),
  ),
  get(REST),
  when([...get(H), ...get(TAIL), ...xor, ...constant(MULTIPLIER), ...multiply, ...set(H)]),
  [...xorShifted(H, 13), ...constant(MULTIPLIER), ...multiply, ...set(H)],
  [...xorShifted(H, 15), ...set(H)],
].flat();

/** The number of the hash's bit in VALUE, the address of its byte in PLACE. */
const bitOfHash = [
  [...get(H), ...get(SIZE), ...remainder, ...tee(VALUE), ...constant(31), ...rightSigned, ...tee(PLACE)],
  [...get(VALUE), ...xor, ...get(PLACE), ...subtract, ...tee(VALUE)],
  [...constant(3), ...right, ...get(BITS), ...add, ...set(PLACE)],
].flat();
const bitMask = [...constant(1), ...get(VALUE), ...constant(7), ...and, ...left];

const scan = [
  block(
    loop(
      [...get(AT), ...get(STOP), ...isNotBelow, ...branchIf(1)],
      [...get(AT), ...tee(KEY), ...load, ...set(LENGTH)],
      advance(AT),
      mixWords,
      mixTail,
      [...constant(0), ...set(H), ...get(HASHES), ...set(ROUND)],
      block(
        loop(
          nextHash,
          bitOfHash,
          get(PROBE),
          // out of the rounds, to the next key
          when([...get(PLACE), ...loadUnsigned8, ...bitMask, ...and, ...isZero, ...branchIf(2)]),
          [...get(PROBE), ...isZero],
          when([...get(PLACE), ...get(PLACE), ...loadUnsigned8, ...bitMask, ...or, ...store8]),
          [...get(ROUND), ...constant(1), ...subtract, ...tee(ROUND), ...branchIf(0)],
        ),
        get(PROBE),
        when([...get(KEY), ...returned]),
      ),
      branch(0),
    ),
  ),
  constant(0),
].flat();

function assemble(): Uint8Array<ArrayBuffer> {
  const body = [1, LOCALS, I32, ...scan, END];
  return Uint8Array.from([
    ...MAGIC_AND_VERSION,
    ...section(1, [1, 0x60, 6, ...Array<number>(6).fill(I32), 1, I32]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name("scan"), 0, 0, ...name("memory"), 2, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}

interface Exports {
  scan(at: number, end: number, bits: number, hashes: number, size: number, probe: 0 | 1): number;
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
}

/** As much of the global as is used here, which is a browser's too and so not among Node's types. */
interface WebAssembly {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
}

export interface ScanOptions {
  /** `(length:u32, little endian, bytes)*`, none of them empty. */
  keys: Uint8Array;
  /** The filter's bits, from the lowest of the first byte on. */
  bits: Uint8Array;
  hashes: number;
  sizeBits: number;
}

let module: Exports | null = null;

/** Sets every key's bits. */
export function addKeys(options: ScanOptions): void {
  const { bits } = options;
  const { exports, bitsAt } = run(options, 0);
  bits.set(new Uint8Array(exports.memory.buffer, bitsAt, bits.length));
}

/** Whether any of the keys has all its bits set. */
export function hasAnyKey(options: ScanOptions): boolean {
  return run(options, 1).found !== 0;
}

function instantiate(): Exports {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssembly }).WebAssembly;
  return new Instance(new Module(assemble())).exports as Exports;
}

function run(
  { keys, bits, hashes, sizeBits }: ScanOptions,
  probe: 0 | 1,
): { exports: Exports; bitsAt: number; found: number } {
  module ??= instantiate();
  const { memory } = module;
  // the words of the longest key there can be, the keys, the bits
  const keysAt = keys.length + 4;
  const bitsAt = keysAt + keys.length;
  const missing = bitsAt + bits.length - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(keys, keysAt);
  bytes.set(bits, bitsAt);
  const found = module.scan(keysAt, bitsAt, bitsAt, hashes, sizeBits, probe);
  return { exports: module, bitsAt, found };
}
