const FIRST_BYTES = 256;
const VARINT_BYTES = 10;

/** Avro's binary encoding, collected in a buffer that grows. */
export class BinaryWriter {
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  /** Of all that was written. */
  get lengthBytes(): number {
    return this.#length;
  }

  boolean(value: boolean): void {
    this.#room(1);
    this.#length = this.#bytes.writeUInt8(value ? 1 : 0, this.#length);
  }

  /** An int or a long. */
  long(value: bigint): void {
    this.#room(VARINT_BYTES);
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    for (; rest > 0x7fn; rest >>= 7n) {
      this.#length = this.#bytes.writeUInt8(Number(rest & 0x7fn) | 0x80, this.#length);
    }
    this.#length = this.#bytes.writeUInt8(Number(rest), this.#length);
  }

  float(value: number): void {
    this.#room(4);
    this.#length = this.#bytes.writeFloatLE(value, this.#length);
  }

  double(value: number): void {
    this.#room(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  bytes(value: Uint8Array): void {
    this.long(BigInt(value.length));
    this.raw(value);
  }

  string(value: string): void {
    const length = Buffer.byteLength(value);
    this.long(BigInt(length));
    this.#room(length);
    this.#length += this.#bytes.write(value, this.#length, "utf8");
  }

  /** Bytes that are Avro already. */
  raw(value: Uint8Array): void {
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** A view of what was written. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
