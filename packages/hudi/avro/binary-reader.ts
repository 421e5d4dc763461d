/** Avro's binary encoding, read from a buffer. A RangeError when the bytes end before the value, or can't be one. */
export class BinaryReader {
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;

  constructor(bytes: Buffer, { from = 0, end = bytes.length }: { from?: number; end?: number } = {}) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
  }

  get at(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at === this.#end;
  }

  boolean(): boolean {
    const byte = this.#byte();
    if (byte > 1) throw new RangeError(`${byte} is no boolean`);
    return byte === 1;
  }

  /** A zigzag number of at most 32 bits. */
  int(): number {
    const value = this.long();
    if (value < -0x8000_0000n || value > 0x7fff_ffffn) throw new RangeError(`${value} is more than 32 bits`);
    return Number(value);
  }

  /** A zigzag number of at most 64 bits. */
  long(): bigint {
    // 28 bits fit a number; most values end there
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt((low >>> 1) ^ -(low & 1));
    }
    let value = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (value >= 1n << 64n) break;
        return (value >> 1n) ^ -(value & 1n);
      }
    }
    throw new RangeError("a number of more than 64 bits");
  }

  float(): number {
    return this.#bytes.readFloatLE(this.#skip(4));
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#skip(8));
  }

  /** A view of the buffer. */
  fixed(length: number): Buffer {
    const from = this.#skip(length);
    return this.#bytes.subarray(from, from + length);
  }

  /** A view of the buffer. */
  bytes(): Buffer {
    return this.fixed(this.#length());
  }

  string(): string {
    const length = this.#length();
    const from = this.#skip(length);
    return this.#bytes.toString("utf8", from, from + length);
  }

  /** Of a union or an enum. */
  index(count: number): number {
    const index = this.long();
    if (index < 0n || index >= BigInt(count)) throw new RangeError(`there is no choice ${index}`);
    return Number(index);
  }

  /** The items of an array or a map, each read by `item`. */
  *items<T>(item: () => T): Generator<T> {
    for (let count = this.long(); count !== 0n; count = this.long()) {
      // a negative count is followed by the size in bytes
      if (count < 0n) this.long();
      for (let left = count < 0n ? -count : count; left > 0n; left -= 1n) yield item();
    }
  }

  #length(): number {
    const length = this.long();
    if (length < 0n) throw new RangeError(`a length of ${length}`);
    return Number(length);
  }

  #byte(): number {
    const byte = this.#at < this.#end ? this.#bytes[this.#at] : undefined;
    if (byte === undefined) throw new RangeError("the bytes end early");
    this.#at += 1;
    return byte;
  }

  #skip(length: number): number {
    const from = this.#at;
    if (length > this.#end - from) throw new RangeError("the bytes end early");
    this.#at += length;
    return from;
  }
}
