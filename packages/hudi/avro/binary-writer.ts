/** Avro's binary encoding, collected in parts. */
export class BinaryWriter {
  readonly #parts: Buffer[] = [];
  #lengthBytes = 0;

  /** Of all that was written. */
  get lengthBytes(): number {
    return this.#lengthBytes;
  }

  boolean(value: boolean): void {
    this.#add(Buffer.from([value ? 1 : 0]));
  }

  /** An int or a long. */
  long(value: bigint): void {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    this.#add(Buffer.from(bytes));
  }

  float(value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    this.#add(bytes);
  }

  double(value: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    this.#add(bytes);
  }

  bytes(value: Uint8Array): void {
    this.long(BigInt(value.length));
    this.#add(Buffer.from(value));
  }

  string(value: string): void {
    this.bytes(Buffer.from(value));
  }

  /** Bytes that are Avro already. */
  raw(value: Buffer): void {
    this.#add(value);
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #add(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#lengthBytes += bytes.length;
  }
}
